#include "control-plane/segments/segment_edit.hpp"

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"

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

// The members that come with GET and may only be sent back unchanged.
json::Tree fixed_members(const SegmentDefinition& segment) {
    auto members = json::Tree::object();
    members.set("key", json::Tree::string(segment.key));
    members.set("version", json::Tree::number(segment.version));
    members.set("created_at", json::Tree::string(format_rfc3339(segment.created_at)));
    members.set("updated_at", json::Tree::string(format_rfc3339(segment.updated_at)));
    return members;
}
json::Tree fixed_members(const SegmentDefinition& segment, const SegmentEnvironment& config) {
    auto members = json::Tree::object();
    members.set("segment", json::Tree::string(segment.key));
    members.set("environment", json::Tree::string(config.environment));
    members.set("version", json::Tree::number(config.version));
    members.set("updated_at", json::Tree::string(format_rfc3339(config.updated_at)));
    return members;
}

// `fixed` is null for a new segment.
model::Segment read_body(json::Tree body, const std::string& pointer, const json::Tree* fixed,
                         std::vector<Finding>& findings) {
    const auto found = rule::expand_body(body, pointer, body::composed_limits().bytes);
    findings.insert(findings.end(), found.begin(), found.end());
    const auto document = json::to_document(body, body::composed_limits());
    if (!document) {
        const auto error = document.error();
        findings.insert(findings.end(), error.findings.begin(), error.findings.end());
        return {};
    }
    Reader r(document->root(), findings, pointer);
    auto segment = model::read_segment_body(r, UnknownFields::refuse);
    if (fixed != nullptr) {
        body::check_unchanged(r, *fixed, {"segment", "environment", "version", "updated_at"}, "read_only");
        body::ignore_warnings(r);
    }
    r.finish(UnknownFields::refuse);
    return segment;
}

Result<model::Segment> edited_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                     json::Tree body) {
    std::vector<Finding> findings;
    const auto fixed = fixed_members(definition, present);
    auto segment = read_body(std::move(body), "", &fixed, findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
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
        environment.members = read_body(json::Tree(body), pointer, nullptr, findings);
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
    const auto fixed = fixed_members(present);
    body::check_unchanged(r, fixed, {"key"}, "immutable");
    body::check_unchanged(r, fixed, {"version", "created_at", "updated_at"}, "read_only");
    body::ignore_warnings(r);
    r.finish(UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return segment;
}

Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, json::Value patch) {
    auto body = json::Tree::parse(to_json(present), body::composed_limits()).value();
    if (auto ok = body::apply_merge_patch(body, patch); !ok) return ok.error();
    return replace_segment(present, json::to_document(body, body::composed_limits()).value().root());
}

Result<model::Segment> replace_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                              json::Value body) {
    return edited_config(definition, present, json::Tree(body));
}

Result<model::Segment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                            json::Value patch) {
    auto body = json::Tree::parse(to_json(definition.key, present), body::composed_limits()).value();
    if (auto ok = body::apply_merge_patch(body, patch); !ok) return ok.error();
    return edited_config(definition, present, std::move(body));
}

bool same_segment(const SegmentDefinition& a, SegmentDefinition b) {
    b.version = a.version;
    b.created_at = a.created_at;
    b.updated_at = a.updated_at;
    return a == b;
}

}  // namespace fanion::cp::segments
