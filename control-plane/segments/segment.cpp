#include "control-plane/segments/segment.hpp"

#include "common/base/text.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::segments {

std::string item_key(const SegmentDefinition& definition) { return "segment/" + definition.key; }

std::string item_body(const SegmentDefinition& definition, const SegmentEnvironment& environment) {
    return config_texts(definition, environment).item;
}

void write_definition_members(json::Writer& w, const SegmentDefinition& definition) {
    w.member("key", definition.key).member("name", definition.name).member("description", definition.description);
    w.key("tags").begin_array();
    for (const auto& tag : definition.tags) w.string(tag);
    w.end_array().member("owner", definition.owner).member("client", definition.client);
    w.member("archived", definition.archived);
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

namespace {

void write_totals(json::Writer& w, std::string_view name, const std::vector<model::Target>& lists) {
    w.key(name).begin_array();
    for (const auto& list : lists) {
        w.begin_object().member("attribute", list.attribute);
        w.member("total", std::uint64_t{list.values.size()}).end_object();
    }
    w.end_array();
}

}  // namespace

std::string to_json_without_values(std::string_view segment, const SegmentEnvironment& environment) {
    return body::object_text([&](json::Writer& w) {
        w.member("segment", segment).member("environment", environment.environment);
        write_totals(w, "included", environment.members.included);
        write_totals(w, "excluded", environment.members.excluded);
        w.key("rules").begin_array();
        for (const auto& rule : environment.members.rules) {
            w.begin_object().key("when");
            model::write_condition(w, rule.when);
            w.end_object();
        }
        w.end_array();
        w.member("version", environment.version).member("updated_at", format_rfc3339(environment.updated_at));
    });
}

std::string segment_config_json(const model::Segment& members) {
    return body::object_text([&](json::Writer& w) { model::write_segment_body_members(w, members); });
}

ConfigTexts config_texts(const SegmentDefinition& definition, const SegmentEnvironment& environment) {
    ConfigTexts texts;
    texts.members = segment_config_json(environment.members);
    const auto members = std::string_view(texts.members).substr(1, texts.members.size() - 2);
    // `before` and `after` have members of their own.
    const auto joined = [members](std::string_view before, std::string_view after) {
        std::string text;
        text.reserve(before.size() + members.size() + after.size() + 2);
        text.append(before.substr(0, before.size() - 1)) += ',';
        text.append(members);
        if (after.size() > 2) text.append(1, ',').append(after.substr(1, after.size() - 2));
        return text + '}';
    };
    texts.resource = joined(body::object_text([&](json::Writer& w) {
                                w.member("segment", definition.key).member("environment", environment.environment);
                            }),
                            body::object_text([&](json::Writer& w) {
                                w.member("version", environment.version);
                                w.member("updated_at", format_rfc3339(environment.updated_at));
                            }));
    texts.item = joined(body::object_text([&](json::Writer& w) {
                            w.member("key", definition.key).member("version", environment.version);
                            if (definition.client) w.member("client", true);
                        }),
                        "{}");
    return texts;
}

}  // namespace fanion::cp::segments
