#include "control-plane/promotion/selection.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::promotion {
namespace {

// Distinct keys, so that their places in the list are those in the body.
std::vector<std::string> read_list(json::Reader& r, std::string_view member) {
    auto keys = r.strings(member);
    if (keys.size() > most_items) {
        r.fail_at(member, "limit", std::string(too_many_items));
        return {};
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!seen.insert(keys[i]).second)
            r.element(member, i, {}).fail("duplicate", "`" + keys[i] + "` is listed twice");
    }
    return keys;
}

Selection read_selection(json::Reader& r) {
    Selection selection;
    selection.flags = read_list(r, "flags");
    selection.segments = read_list(r, "segments");
    return selection;
}

bool* part_of(Parts& parts, std::string_view name) {
    if (name == "enabled") return &parts.enabled;
    if (name == "targets") return &parts.targets;
    if (name == "rules") return &parts.rules;
    if (name == "fallthrough") return &parts.fallthrough;
    if (name == "prerequisites") return &parts.prerequisites;
    return nullptr;
}

Parts read_parts(json::Reader& r) {
    if (!r.has("parts")) return {};
    Parts parts{false, false, false, false, false};
    for (const auto& name : read_list(r, "parts")) {
        if (auto* part = part_of(parts, name)) {
            *part = true;
        } else {
            r.fail_at("parts", "bad_value", "parts are enabled, targets, rules, fallthrough and prerequisites");
        }
    }
    if (parts == Parts{false, false, false, false, false}) r.fail_at("parts", "empty", "name at least one part");
    return parts;
}

}  // namespace

Error too_many(std::string_view verb) {
    const auto detail = std::string(too_many_items) + ": " + std::string(verb) + " them in parts";
    return {Errc::unprocessable, detail, {{"", "", "limit", detail}}};
}

Result<RollbackRequest> read_rollback(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        RollbackRequest request;
        r.optional_string("comment");  // read by http::read_comment()
        request.version = r.string("version");
        request.selection = read_selection(r);
        request.selection.is_all = !r.has("flags") && !r.has("segments");
        return request;
    });
}

Result<PromotionRequest> read_promotion(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        PromotionRequest request;
        r.optional_string("comment");  // read by http::read_comment()
        request.from = body::read_key(r, "from");
        request.from_version = r.optional_string("from_version");
        request.selection = read_selection(r);
        request.selection.is_all = r.boolean("all", false);
        request.parts = read_parts(r);
        request.takes_along = r.boolean("take_along", false);
        const bool is_named = r.has("flags") || r.has("segments");
        if (request.selection.is_all && is_named) {
            r.fail_at("all", "conflict", "give `all`, or name flags and segments");
        } else if (!request.selection.is_all && !is_named) {
            r.fail_at("flags", "missing", "name flags or segments, or say \"all\": true");
        }
        return request;
    });
}

model::FlagConfig promoted(const model::FlagConfig& source, model::FlagConfig target, const Parts& parts) {
    if (parts.enabled) {
        target.enabled = source.enabled;
        target.off = source.off;
    }
    if (parts.targets) target.targets = source.targets;
    if (parts.rules) target.rules = source.rules;
    if (parts.fallthrough) target.fallthrough = source.fallthrough;
    if (parts.prerequisites) target.prerequisites = source.prerequisites;
    return target;
}

}  // namespace fanion::cp::promotion
