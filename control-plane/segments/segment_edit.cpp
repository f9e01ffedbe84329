#include "control-plane/segments/segment_edit.hpp"

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/own_json.hpp"

namespace fanion::cp::segments {
namespace {

using json::Reader;
using json::UnknownFields;

constexpr std::size_t name_bytes = 200;
constexpr std::size_t description_bytes = 4096;

void read_editable(Reader& r, SegmentDefinition& segment) {
    segment.name = body::read_text(r, "name", name_bytes);
    segment.description = body::read_text(r, "description", description_bytes);
}

// `present`, where given, holds members that may be sent back unchanged.
model::Segment read_body(json::Value body, const std::string& pointer, json::Value present,
                         std::vector<Finding>& findings) {
    auto expansion = rule::expand_body(body, pointer);
    findings.insert(findings.end(), expansion.findings.begin(), expansion.findings.end());
    const auto expanded = expansion.json ? body::parse_bounded(*expansion.json, findings) : nullptr;
    if (expansion.json && !expanded) return {};
    Reader r(expanded ? expanded->root() : body, findings, pointer);
    auto segment = model::read_segment_body(r, UnknownFields::refuse);
    if (present) {
        body::check_unchanged(r, present, {"segment", "environment", "version", "updated_at"}, "read_only");
        body::ignore_warnings(r);
    }
    r.finish(UnknownFields::refuse);
    return segment;
}

void read_environments(Reader& r, NewSegment& made, std::vector<Finding>& findings) {
    auto given = r.optional_object("environments");
    if (!given) return;
    for (auto& environment : made.environments) {
        const auto body = given->optional_any(environment.environment);
        if (!body) continue;
        auto pointer = given->pointer();
        json::append_pointer(pointer, environment.environment);
        environment.members = read_body(body, pointer, json::Value(), findings);
        made.configured.push_back(environment.environment);
    }
    given->finish(UnknownFields::refuse);
}

}  // namespace

Result<NewSegment> create_segment(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now) {
    std::vector<Finding> findings;
    Reader r(body, findings);
    NewSegment made;
    made.definition.key = body::read_key(r, "key");
    made.definition.created_at = made.definition.updated_at = now;
    read_editable(r, made.definition);
    for (const auto& key : environment_keys) made.environments.push_back({key, {}, 1, now});
    read_environments(r, made, findings);
    r.finish(UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return made;
}

Result<SegmentDefinition> replace_segment(const SegmentDefinition& present, json::Value body) {
    std::vector<Finding> findings;
    Reader r(body, findings);
    auto segment = present;
    read_editable(r, segment);
    const auto held = body::parse_trusted(to_json(present));
    body::check_unchanged(r, held->root(), {"key"}, "immutable");
    body::check_unchanged(r, held->root(), {"version", "created_at", "updated_at"}, "read_only");
    body::ignore_warnings(r);
    r.finish(UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return segment;
}

Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, json::Value patch) {
    auto document = body::apply_merge_patch_parsed(to_json(present), patch);
    if (!document) return document.error();
    return replace_segment(present, (*document)->root());
}

Result<model::Segment> replace_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                              json::Value body) {
    std::vector<Finding> findings;
    const auto held = body::parse_trusted(to_json(definition.key, present));
    auto segment = read_body(body, "", held->root(), findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return segment;
}

Result<model::Segment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                            json::Value patch) {
    auto document = body::apply_merge_patch_parsed(to_json(definition.key, present), patch);
    if (!document) return document.error();
    return replace_segment_config(definition, present, (*document)->root());
}

bool same_segment(const SegmentDefinition& a, const SegmentDefinition& b) {
    return a.key == b.key && a.name == b.name && a.description == b.description;
}

bool same_members(const model::Segment& a, const model::Segment& b) {
    return segment_config_json(a) == segment_config_json(b);
}

}  // namespace fanion::cp::segments
