// What a file and the project would be together, checked as the control plane checks it, before any
// of it is sent.

#include <memory>
#include <set>
#include <utility>

#include "common/cli/code_options.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/json/writer.hpp"
#include "common/model/json.hpp"

namespace fanion::cli {
namespace {

std::string flag_item(const std::string& key, const flagfile::Flag& flag, const model::FlagConfig& config) {
    model::Flag item;
    item.key = key;
    item.type = flag.type;
    item.version = 1;
    item.client = flag.client;
    item.track = flag.track;
    item.salt = flag.salt;
    item.variations = flag.variations;
    item.config = config;
    std::string out;
    json::Writer w(out);
    model::write_flag(w, item);
    return out;
}

std::string segment_item(const std::string& key, bool client, model::Segment segment) {
    segment.key = key;
    segment.client = client;
    segment.version = 1;
    std::string out;
    json::Writer w(out);
    model::write_segment(w, segment);
    return out;
}

// The items of one environment.
class Goal {
public:
    Goal(const flagfile::Project& wanted, const flagfile::Project& present, const std::string& environment,
         bool deletes)
        : environment_(environment) {
        for (const auto& [key, flag] : wanted.flags) add_flag(key, flag, find(present.flags, key));
        for (const auto& [key, segment] : wanted.segments) add_segment(key, segment, find(present.segments, key));
        if (deletes) return;
        for (const auto& [key, flag] : present.flags)
            if (!wanted.flags.contains(key)) add_flag(key, flag, nullptr);
        for (const auto& [key, segment] : present.segments)
            if (!wanted.segments.contains(key)) add_segment(key, segment, nullptr);
    }

    std::vector<Finding> findings() const {
        std::vector<eval::Item> items;
        for (const auto& [key, body] : bodies_) items.push_back({key, body});
        const auto compiled = eval::compile(items);
        return compiled ? std::vector<Finding>() : compiled.error().findings;
    }

private:
    template <class Items>
    static auto find(const Items& items, const std::string& key) -> decltype(&items.begin()->second) {
        const auto found = items.find(key);
        return found == items.end() ? nullptr : &found->second;
    }

    void add(std::string key, std::string body) {
        bodies_.emplace_back(std::move(key), std::make_shared<const std::string>(std::move(body)));
    }

    // What the file does not say of this environment stays; a new flag has the default.
    void add_flag(const std::string& key, const flagfile::Flag& flag, const flagfile::Flag* present) {
        if (flag.archived) return;
        const auto* in = find(flag.environments, environment_);
        if (in == nullptr && present != nullptr) in = find(present->environments, environment_);
        add("flag/" + key, flag_item(key, flag, in != nullptr ? in->config : flagfile::default_config(flag)));
    }

    void add_segment(const std::string& key, const flagfile::Segment& segment, const flagfile::Segment* present) {
        if (segment.archived) return;
        const auto* in = find(segment.environments, environment_);
        if (in == nullptr && present != nullptr) in = find(present->environments, environment_);
        add("segment/" + key, segment_item(key, segment.client, in != nullptr ? in->members : model::Segment()));
    }

    const std::string& environment_;
    std::vector<std::pair<std::string, std::shared_ptr<const std::string>>> bodies_;
};

// "flag/a" "/rules/0/when/all/1" becomes "/flags/a/environments/production/rules/0/when/all/1".
std::string pointer_in_file(const Finding& finding, const std::string& environment) {
    const auto slash = finding.item.find('/');
    if (slash == std::string::npos) return "";
    std::string pointer = "/" + finding.item.substr(0, slash) + 's';
    json::append_pointer(pointer, finding.item.substr(slash + 1));
    static const std::set<std::string, std::less<>> of_definition{"key",        "type",   "salt",
                                                                  "variations", "client", "track"};
    const auto tokens = json::parse_pointer(finding.pointer).value_or(std::vector<std::string>());
    if (tokens.empty() || !of_definition.contains(tokens.front())) {
        json::append_pointer(pointer, "environments");
        json::append_pointer(pointer, environment);
    }
    return pointer + finding.pointer;
}

}  // namespace

std::vector<Finding> check_goal(const flagfile::Project& wanted, const PresentProject& present, bool deletes) {
    std::vector<Finding> findings;
    std::set<std::pair<std::string, std::string>> seen;  // what is wrong with a definition is so everywhere
    for (const auto& environment : present.environments) {
        for (auto& finding : Goal(wanted, present.project, environment, deletes).findings()) {
            finding.pointer = pointer_in_file(finding, environment);
            if (!seen.insert({finding.pointer, finding.detail}).second) continue;
            finding.detail += " (" + finding.item + ", in " + environment + ")";
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace fanion::cli
