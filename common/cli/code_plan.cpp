#include <algorithm>
#include <map>
#include <utility>

#include "common/base/text.hpp"
#include "common/cli/code_options.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"

namespace fanion::cli {
namespace {

using flagfile::FlagChange;
using Action = PlannedChange::Action;
using Names = std::set<std::string>;

std::string pointer_to(std::string_view list, std::string_view key, std::string_view environment = "") {
    std::string pointer;
    json::append_pointer(pointer, list);
    json::append_pointer(pointer, key);
    if (environment.empty()) return pointer;
    json::append_pointer(pointer, "environments");
    json::append_pointer(pointer, environment);
    return pointer;
}

// What the file says about environments that the project does not have.
template <class Items>
void check_environments(std::string_view list, const Items& items, const PresentProject& present,
                        const CodeOptions& options, std::vector<Finding>& findings) {
    if (!options.environments.empty()) return;
    for (const auto& [key, item] : items) {
        for (const auto& [environment, in] : item.environments) {
            if (present.environments.contains(environment)) continue;
            findings.push_back({"", pointer_to(list, key, environment), "unknown_environment",
                                "the project has no environment `" + environment + "`"});
        }
    }
}

// Where a finding of a bulk request is in the file: its pointer goes to a change, or its item is a
// flag.
Error in_file(Error error, const CodeFile& file, const std::vector<const FlagChange*>& changes) {
    for (auto& finding : error.findings) {
        const auto tokens = json::parse_pointer(finding.pointer).value_or(std::vector<std::string>());
        const bool is_change = finding.item.empty() && tokens.size() >= 2 && tokens.front() == "changes";
        const auto index = is_change ? parse_u64(tokens[1]) : std::nullopt;
        std::string pointer;
        if (index && *index < changes.size()) {
            pointer = pointer_to("flags", changes[*index]->flag, changes[*index]->environment);
        } else if (finding.item.starts_with("flag/") || finding.item.starts_with("segment/")) {
            const auto slash = finding.item.find('/');
            pointer = pointer_to(finding.item.substr(0, slash) + 's', finding.item.substr(slash + 1));
        }
        finding.item = file.at(pointer);
        finding.pointer = std::move(pointer);
    }
    return error;
}

class Planner {
public:
    Planner(FlagPlace& place, CodePlan& plan, const CodeOptions& options)
        : place_(place), plan_(plan), options_(options) {}

    Result<> plan() {
        add_creations();
        if (auto ok = add_segments(); !ok) return ok;
        if (auto ok = add_flags(); !ok) return ok;
        for (const auto& key : plan_.difference.removed_flags) add_removal("flag", key);
        // Not tried: what uses them now may be part of the plan.
        for (const auto& change : plan_.difference.archived_segments)
            add(Action::change, "segment", change.segment, {"Archives the segment: no environment has it any more."});
        for (const auto& key : plan_.difference.removed_segments) add_removal("segment", key);
        return {};
    }

private:
    const flagfile::Project& wanted() const { return plan_.file.project; }

    void add(Action action, const char* kind, const std::string& key, std::vector<std::string> sentences) {
        auto pointer = pointer_to(kind + std::string("s"), key);
        plan_.changes.push_back({action, kind, key, std::move(sentences), std::move(pointer)});
    }

    void add_creations() {
        for (const auto& key : plan_.difference.new_segments)
            add(Action::create, "segment", key, {"Creates the segment."});
        for (const auto& key : plan_.difference.new_flags) {
            const auto& flag = wanted().flags.at(key);
            std::string on;
            for (const auto& [environment, in] : flag.environments) {
                if (in.config.enabled && plan_.present.environments.contains(environment))
                    on += (on.empty() ? ", on in " : ", ") + environment;
            }
            const auto type = std::string(model::name_of(flag.type));
            add(Action::create, "flag", key, {"Creates the " + type + " flag" + (on.empty() ? ", off" : on) + "."});
        }
    }

    void add_removal(const char* kind, const std::string& key) {
        const auto sentence = options_.deletes ? "Deletes the " + std::string(kind) + "."
                                               : "Is not in the file, and is kept without --delete.";
        add(options_.deletes ? Action::remove : Action::keep, kind, key, {sentence});
        plan_.changes.back().pointer.clear();
    }

    Result<> add_segments() {
        for (const auto& change : plan_.difference.segments) {
            auto call = segment_call(place_, wanted(), change);
            call.path += "?dry_run=true";
            const auto response = place_.client().call(call);
            auto sentences = response ? sentences_of(*response) : std::vector<std::string>{"Changes the segment."};
            if (!response && !is_deferred(response.error())) {
                auto error = response.error();
                for (auto& finding : error.findings)
                    finding.item = plan_.file.at(pointer_to("segments", change.segment, change.environment));
                return error;
            }
            if (!change.environment.empty())
                for (auto& sentence : sentences) sentence = in_environment(std::move(sentence), change.environment);
            add(Action::change, "segment", change.segment, std::move(sentences));
        }
        return {};
    }

    // As the control plane does it for flags: "Includes 1 value." becomes "In production: includes 1 value."
    static std::string in_environment(std::string sentence, const std::string& environment) {
        if (!sentence.empty() && sentence[0] >= 'A' && sentence[0] <= 'Z')
            sentence[0] = static_cast<char>(sentence[0] - 'A' + 'a');
        return "In " + environment + ": " + sentence;
    }

    Names restored_segments() const {
        Names restored;
        for (const auto& [key, held] : plan_.present.project.segments) {
            const auto found = wanted().segments.find(key);
            if (held.archived && found != wanted().segments.end() && !found->second.archived) restored.insert(key);
        }
        return restored;
    }

    // Whether a refusal may be because of something that the plan itself creates or restores.
    bool is_deferred(const Error& error) const {
        const auto& difference = plan_.difference;
        const bool is_more_there =
            !(difference.new_flags.empty() && difference.new_segments.empty() && restored_segments().empty());
        return error.code == Errc::unprocessable && is_more_there;
    }

    // One dry run for as many flags as one request takes; those that need something new or restored are not in it.
    Result<> add_flags() {
        const Names flags(plan_.difference.new_flags.begin(), plan_.difference.new_flags.end());
        auto segments = restored_segments();
        segments.insert(plan_.difference.new_segments.begin(), plan_.difference.new_segments.end());
        std::vector<FlagChange> asked;
        for (const auto& change : plan_.difference.flags) {
            if (flagfile::refers_to(wanted().flags.at(change.flag), flags, segments))
                describe(change);
            else
                asked.push_back(change);
        }
        for (const auto& bulk : bulk_bodies(asked)) {
            const auto path = place_.project() + "/bulk?dry_run=true";
            const auto response = place_.client().call({.method = net::Method::post, .path = path, .body = bulk.body});
            if (response) {
                take_sentences(sentences_of(*response));
            } else if (is_deferred(response.error())) {
                for (const auto* change : bulk.changes) describe(*change);
            } else {
                return in_file(response.error(), plan_.file, bulk.changes);
            }
        }
        for (auto& [key, sentences] : by_flag_) add(Action::change, "flag", key, std::move(sentences));
        return {};
    }

    void describe(const FlagChange& change) {
        by_flag_[change.flag].push_back(change.environment.empty()
                                            ? "Changes the definition."
                                            : in_environment("Changes what it serves.", change.environment));
    }

    // Each begins with the flag: "`search`: In production: turns the flag on."
    void take_sentences(const std::vector<std::string>& sentences) {
        for (const auto& sentence : sentences) {
            const auto end = sentence.find("`: ");
            if (!sentence.starts_with('`') || end == std::string::npos) continue;
            by_flag_[sentence.substr(1, end - 1)].push_back(sentence.substr(end + 3));
        }
    }

    FlagPlace& place_;
    CodePlan& plan_;
    const CodeOptions& options_;
    std::map<std::string, std::vector<std::string>> by_flag_;
};

}  // namespace

bool CodePlan::is_empty() const {
    return std::all_of(changes.begin(), changes.end(),
                       [](const PlannedChange& change) { return change.action == Action::keep; });
}

Result<CodePlan> make_code_plan(FlagPlace& place, CodeFile file, const CodeOptions& options) {
    auto present = read_present(place, file.project.key, options.environments);
    if (!present) return present.error();
    CodePlan plan{std::move(file), std::move(*present), {}, {}};
    std::vector<Finding> findings;
    check_environments("segments", plan.file.project.segments, plan.present, options, findings);
    check_environments("flags", plan.file.project.flags, plan.present, options, findings);
    plan.difference =
        flagfile::difference(plan.file.project, plan.present.project, plan.present.environments, findings);
    if (findings.empty()) findings = check_goal(plan.file.project, plan.present, options.deletes);
    if (!findings.empty())
        return Error{Errc::unprocessable, plan.file.name + " does not fit the project",
                     plan.file.located(std::move(findings))};
    if (auto planned = Planner(place, plan, options).plan(); !planned) return planned.error();
    return plan;
}

}  // namespace fanion::cli
