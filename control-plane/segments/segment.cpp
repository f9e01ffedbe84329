#include "control-plane/segments/segment.hpp"

#include "common/base/text.hpp"
#include "common/model/json.hpp"

namespace fanion::cp::segments {

std::string item_key(const SegmentDefinition& definition) { return "segment/" + definition.key; }

std::string item_body(const SegmentDefinition& definition, const SegmentEnvironment& environment) {
    auto segment = environment.members;
    segment.key = definition.key;
    segment.version = environment.version;
    std::string out;
    json::Writer w(out);
    model::write_segment(w, segment);
    return out;
}

void write_definition_members(json::Writer& w, const SegmentDefinition& definition) {
    w.member("key", definition.key).member("name", definition.name).member("description", definition.description);
    w.member("version", definition.version).member("created_at", format_rfc3339(definition.created_at));
    w.member("updated_at", format_rfc3339(definition.updated_at));
}

std::string to_json(const SegmentDefinition& definition) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    write_definition_members(w, definition);
    w.end_object();
    return out;
}

std::string to_json(std::string_view segment, const SegmentEnvironment& environment) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("segment", segment).member("environment", environment.environment);
    model::write_segment_body_members(w, environment.members);
    w.member("version", environment.version).member("updated_at", format_rfc3339(environment.updated_at)).end_object();
    return out;
}

std::string segment_config_json(const model::Segment& body) {
    std::string out;
    json::Writer w(out);
    w.begin_object();
    model::write_segment_body_members(w, body);
    w.end_object();
    return out;
}

}  // namespace fanion::cp::segments
