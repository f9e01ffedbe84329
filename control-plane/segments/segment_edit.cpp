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
}

// `present` is null for a new segment.
model::Segment read_members(json::Tree body, const std::string& pointer, const SegmentDefinition& definition,
                            const SegmentEnvironment* present, std::vector<Finding>& findings) {
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
    if (present != nullptr) items::check_derived_members(r, "segment", definition.key, *present);
    r.finish(UnknownFields::refuse);
    return members;
}

Result<SegmentEnvironment> edited_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                         json::Tree body) {
    std::vector<Finding> findings;
    auto edited = present;
    edited.members = read_members(std::move(body), "", definition, &present, findings);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return edited;
}

}  // namespace

Result<NewSegment> create_segment(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>& findings) {
        NewSegment made;
        made.definition.key = body::read_key(r, "key");
        made.definition.created_at = made.definition.updated_at = now;
        read_editable(r, made.definition);
        for (const auto& key : environment_keys) made.environments.push_back(default_config(made.definition, key, now));
        items::read_environments(
            r, made.environments, [&](json::Value value, const std::string& pointer, SegmentEnvironment& environment) {
                environment.members = read_members(json::Tree(value), pointer, made.definition, nullptr, findings);
            });
        return made;
    });
}

Result<SegmentDefinition> replace_segment(const SegmentDefinition& present, json::Value body) {
    return body::read_object(body, [&](Reader& r, std::vector<Finding>&) {
        auto segment = present;
        read_editable(r, segment);
        body::check_unchanged(r, json::Tree::object().set("key", json::Tree::string(present.key)), {"key"},
                              "immutable");
        items::check_derived_members(r, present);
        return segment;
    });
}

Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, std::string_view present_json,
                                        json::Value patch) {
    const auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    return replace_segment(present, json::to_document(*body, body::composed_limits()).value().root());
}

Result<SegmentEnvironment> replace_segment_config(const SegmentDefinition& definition,
                                                  const SegmentEnvironment& present, json::Value body) {
    return edited_config(definition, present, json::Tree(body));
}

Result<SegmentEnvironment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                                std::string_view present_json, json::Value patch) {
    auto body = body::merged(present_json, patch);
    if (!body) return body.error();
    return edited_config(definition, present, std::move(*body));
}

}  // namespace fanion::cp::segments
