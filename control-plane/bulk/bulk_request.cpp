#include "control-plane/bulk/bulk_request.hpp"

#include <utility>

#include "common/json/tree.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::bulk {
namespace {

using json::Reader;

// A literal, as a reader wants: it remembers names.
std::string_view list_name(std::string_view kind) { return kind == "segment" ? "segments" : "flags"; }

void read_versions(Reader& r, BulkChange& change) {
    auto versions = r.optional_object("versions");
    if (!versions) return;
    for (const auto& key : change.keys)
        if (versions->has(key)) change.versions[key] = versions->unsigned_integer(key);
    versions->finish(json::UnknownFields::refuse);
}

void read_keys(Reader& r, BulkChange& change) {
    change.kind = r.has("segments") ? "segment" : "flag";
    const auto list = list_name(change.kind);
    if (r.has("segments") && r.optional_any("flags"))
        r.fail_at("flags", "ambiguous", "a change is of flags or of segments");
    change.keys = r.strings(list);
    if (!r.has(list) ||
        (change.keys.empty() && r.optional_any(list).is(json::Kind::array) && r.optional_any(list).size() == 0))
        r.fail_at(list, "missing", "give the keys of at least one flag, or of a segment in `segments`");
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < change.keys.size(); ++i) {
        if (!seen.insert(change.keys[i]).second)
            r.element(list, i, {}).fail("duplicate", "`" + change.keys[i] + "` is listed twice");
    }
}

void read_instructions_of(Reader& r, BulkChange& change) {
    const auto list = r.any("instructions");
    if (!list) return;
    auto body = json::Tree::object().set("instructions", json::Tree(list));
    auto document = json::to_document(body, body::composed_limits());
    if (document) change.body = std::move(*document);
}

BulkChange read_change(Reader& r) {
    BulkChange change;
    change.pointer = r.pointer();
    read_keys(r, change);
    change.environment = r.string("environment", "");
    if (r.has("environment") && change.environment.empty() && body::has_string(r, "environment"))
        r.fail_at("environment", "bad_key", "an environment's key is not empty");
    read_versions(r, change);
    read_instructions_of(r, change);
    r.finish(json::UnknownFields::refuse);
    return change;
}

}  // namespace

Result<BulkRequest> read_bulk(json::Value body) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>&) {
        BulkRequest request;
        r.optional_string("comment");  // read by http::read_comment()
        auto places = r.array("changes");
        const auto list = r.optional_any("changes");
        const bool is_list = list && list.is(json::Kind::array);
        if (!list) r.fail_at("changes", "missing", "`changes` is missing");
        if (is_list && (places.empty() || places.size() > max_changes)) {
            r.fail_at("changes", "limit", "give 1 to " + std::to_string(max_changes) + " changes");
            return request;
        }
        std::size_t steps = 0;
        for (auto& place : places) {
            request.changes.push_back(read_change(place));
            const auto& change = request.changes.back();
            auto& items = change.kind == "segment" ? request.segments : request.flags;
            items.insert(change.keys.begin(), change.keys.end());
            steps += change.keys.size();
        }
        if (steps > max_steps)
            r.fail_at("changes", "limit", "the changes list at most " + std::to_string(max_steps) + " items");
        if (request.flags.size() + request.segments.size() > max_items)
            r.fail_at("changes", "limit",
                      "a request changes at most " + std::to_string(max_items) + " flags and segments");
        return request;
    });
}

std::string list_pointer(const BulkChange& change) {
    return change.pointer + '/' + std::string(list_name(change.kind));
}

}  // namespace fanion::cp::bulk
