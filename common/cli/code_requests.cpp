// What a plan asks of the admin API, as requests.

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/code_options.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

// The limits of one bulk request (docs/admin-api.md), and its size with some room.
constexpr std::size_t max_flags = 200;
constexpr std::size_t max_changes = 200;
constexpr std::size_t max_bytes = 1'500'000;

std::string json_of_change(const flagfile::FlagChange& change) {
    std::string out;
    json::Writer w(out);
    w.begin_object().key("flags").begin_array().string(change.flag).end_array();
    if (!change.environment.empty()) w.member("environment", change.environment);
    w.key("versions").begin_object().member(change.flag, change.version).end_object();
    w.key("instructions").begin_array();
    for (const auto& instruction : change.instructions) w.raw(instruction);
    w.end_array().end_object();
    return out;
}

std::string tag_of(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

std::string with_key(const std::string& key, json::Tree tree) {
    auto body = json::Tree::object().set("key", json::Tree::string(key));
    for (auto& member : tree.members()) body.members().push_back(std::move(member));
    return body.to_text();
}

}  // namespace

// A flag's changes stay together.
std::vector<BulkBody> bulk_bodies(const std::vector<flagfile::FlagChange>& changes) {
    std::vector<BulkBody> bodies;
    std::size_t flags = max_flags;  // of the last body
    for (std::size_t from = 0; from < changes.size();) {
        auto to = from;
        std::vector<std::string> texts;
        std::size_t bytes = 0;
        for (; to < changes.size() && changes[to].flag == changes[from].flag; ++to) {
            texts.push_back(json_of_change(changes[to]));
            bytes += texts.back().size() + 1;
        }
        const bool is_full = bodies.empty() || flags >= max_flags ||
                             bodies.back().changes.size() + texts.size() > max_changes ||
                             bodies.back().body.size() + bytes > max_bytes;
        if (is_full) {
            bodies.push_back({R"({"changes":[)", {}});
            flags = 0;
        }
        auto& last = bodies.back();
        ++flags;
        for (const auto& text : texts)
            last.body += (last.changes.empty() ? "" : ",") + text, last.changes.push_back(&changes[from++]);
    }
    for (auto& body : bodies) body.body += "]}";
    return bodies;
}

AdminCall segment_call(const FlagPlace& place, const flagfile::Project& wanted, const flagfile::SegmentChange& change) {
    const auto path = place.project() + "/segments/" + percent_encode(change.segment);
    const auto& segment = wanted.segments.at(change.segment);
    AdminCall call{.path = path, .if_match = tag_of(change.version)};
    if (change.environment.empty()) {
        json::Writer w(call.body);
        w.begin_object().member("name", segment.name).member("description", segment.description);
        w.key("tags").begin_array();
        for (const auto& tag : segment.tags) w.string(tag);
        w.end_array().member("owner", segment.owner).member("client", segment.client);
        if (!segment.archived) w.member("archived", false);
        w.end_object();
        call.method = net::Method::patch;
        call.content_type = "application/merge-patch+json";
        return call;
    }
    const auto tree = flagfile::tree_of(segment);
    call.method = net::Method::put;
    call.path += "/environments/" + percent_encode(change.environment);
    call.body = tree.find("environments")->find(change.environment)->to_text();
    return call;
}

AdminCall segment_archiving(const FlagPlace& place, const flagfile::SegmentChange& change) {
    AdminCall call{.method = net::Method::patch, .path = place.segment(change.segment)};
    call.body = R"({"archived":true})";
    call.content_type = "application/merge-patch+json";
    call.if_match = tag_of(change.version);
    return call;
}

AdminCall segment_creation(const FlagPlace& place, const std::string& key, const flagfile::Segment& segment,
                           const std::set<std::string>& environments) {
    auto made = segment;
    made.archived = false;
    std::erase_if(made.environments, [&](const auto& entry) { return !environments.contains(entry.first); });
    return {.method = net::Method::post,
            .path = place.project() + "/segments",
            .body = with_key(key, flagfile::tree_of(made))};
}

AdminCall flag_creation(const FlagPlace& place, const std::string& key, const flagfile::Flag& flag) {
    auto made = flag;
    made.environments.clear();
    made.archived = false;
    return {.method = net::Method::post, .path = place.flags(), .body = with_key(key, flagfile::tree_of(key, made))};
}

}  // namespace fanion::cli
