#include "control-plane/segments/segment.hpp"

#include "common/base/text.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::segments {

std::string item_key(const SegmentDefinition& definition) { return "segment/" + definition.key; }

// As model::write_segment(), without a copy of the members.
std::string item_body(const SegmentDefinition& definition, const SegmentEnvironment& environment) {
    return body::object_text([&](json::Writer& w) {
        w.member("key", definition.key).member("version", environment.version);
        model::write_segment_body_members(w, environment.members);
    });
}

void write_definition_members(json::Writer& w, const SegmentDefinition& definition) {
    w.member("key", definition.key).member("name", definition.name).member("description", definition.description);
    w.member("version", definition.version).member("created_at", format_rfc3339(definition.created_at));
    w.member("updated_at", format_rfc3339(definition.updated_at));
}

std::string to_json(const SegmentDefinition& definition) {
    return body::object_text([&](json::Writer& w) { write_definition_members(w, definition); });
}

std::string to_json(std::string_view segment, const SegmentEnvironment& environment) {
    return body::object_text([&](json::Writer& w) {
        w.member("segment", segment).member("environment", environment.environment);
        model::write_segment_body_members(w, environment.members);
        w.member("version", environment.version).member("updated_at", format_rfc3339(environment.updated_at));
    });
}

std::string segment_config_json(const model::Segment& members) {
    return body::object_text([&](json::Writer& w) { model::write_segment_body_members(w, members); });
}

}  // namespace fanion::cp::segments
