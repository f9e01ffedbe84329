#include "control-plane/segments/segment_edit.hpp"

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::segments {
namespace {

using json::Reader;
using json::UnknownFields;

void read_editable(Reader& r, SegmentDefinition& segment) {
    segment.name = body::read_text(r, "name", items::name_bytes);
    segment.description = body::read_text(r, "description", items::description_bytes);
    segment.tags = body::read_tags(r, "tags");
    segment.owner = body::read_text(r, "owner", items::name_bytes);
    segment.client = r.boolean("client", false);
}

// `present` is null for a new segment.
model::Segment read_members(json::Tree body, const std::string& pointer, const SegmentDefinition& definition,
                            const SegmentEnvironment* present, items::DerivedMembers derived,
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
    auto members = model::read_segment_body(r, UnknownFields::refuse);
    if (present != nullptr) items::read_derived_members(r, "segment", definition.key, *present, derived);
    r.finish(UnknownFields::refuse);
    return members;
}

}  // namespace

Result<SegmentEnvironment> edited_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                         json::Tree body, items::DerivedMembers derived) {
    std::vector<Finding> findings;
    auto edited = present;
    edited.members = read_members(std::move(body), "", definition, &present, derived, findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return edited;
}

Result<SegmentDefinition> edited_definition(const SegmentDefinition& present, json::Value body,
                                            items::DerivedMembers derived) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>&) {
        auto segment = present;
        read_editable(r, segment);
        segment.archived = r.boolean("archived", false);
        body::check_unchanged(r, json::Tree::object().set("key", json::Tree::string(present.key)), {"key"},
                              "immutable");
        items::read_derived_members(r, present, derived);
        return segment;
    });
}

Result<NewSegment> create_segment(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>& findings) {
        NewSegment made;
        made.definition.key = body::read_key(r, "key");
        made.definition.created_at = made.definition.updated_at = now;
        read_editable(r, made.definition);
        for (const auto& key : environment_keys) made.environments.push_back(default_config(made.definition, key, now));
        items::read_environments(
            r, made.environments, [&](json::Value value, const std::string& pointer, SegmentEnvironment& environment) {
                environment.members = read_members(json::Tree(value), pointer, made.definition, nullptr,
                                                   items::DerivedMembers::unchanged, findings);
            });
        return made;
    });
}

Result<SegmentDefinition> replace_segment(const SegmentDefinition& present, json::Value body) {
    return edited_definition(present, body, items::DerivedMembers::ignored);
}

Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, std::string_view present_json,
                                        json::Value patch) {
    const auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    const auto document = json::to_document(*body, body::composed_limits());
    return edited_definition(present, document.value().root(), items::DerivedMembers::unchanged);
}

Result<SegmentEnvironment> replace_segment_config(const SegmentDefinition& definition,
                                                  const SegmentEnvironment& present, json::Value body) {
    return edited_config(definition, present, json::Tree(body), items::DerivedMembers::ignored);
}

Result<SegmentEnvironment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                                std::string_view present_json, json::Value patch) {
    auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    return edited_config(definition, present, std::move(*body), items::DerivedMembers::unchanged);
}

}  // namespace fanion::cp::segments
