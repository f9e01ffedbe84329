#include "common/model/json.hpp"

namespace fanion::model {
namespace {

void write_strings(Writer& w, std::string_view name, const std::vector<std::string>& strings) {
    w.key(name).begin_array();
    for (const auto& text : strings) w.string(text);
    w.end_array();
}

void write_targets(Writer& w, std::string_view name, const std::vector<Target>& targets) {
    w.key(name).begin_array();
    for (const auto& target : targets) {
        w.begin_object().member("attribute", target.attribute);
        write_strings(w, "values", target.values);
        if (!target.variation.empty()) w.member("variation", target.variation);
        w.end_object();
    }
    w.end_array();
}

// off, prerequisites, targets, rules, fallthrough
void write_targeting(Writer& w, const FlagConfig& config) {
    w.key("off");
    if (config.off)
        w.string(*config.off);
    else
        w.null();
    w.key("prerequisites").begin_array();
    for (const auto& prerequisite : config.prerequisites) {
        w.begin_object().member("flag", prerequisite.flag);
        write_strings(w, "variations", prerequisite.variations);
        w.end_object();
    }
    w.end_array();
    write_targets(w, "targets", config.targets);
    w.key("rules").begin_array();
    for (const auto& rule : config.rules) {
        w.begin_object().member("id", rule.id).key("when");
        write_condition(w, rule.when);
        w.key("serve");
        write_serve(w, rule.serve);
        w.end_object();
    }
    w.end_array().key("fallthrough");
    write_serve(w, config.fallthrough);
}

}  // namespace

void write_variations(Writer& w, const std::vector<Variation>& variations) {
    w.begin_array();
    for (const auto& variation : variations)
        w.begin_object().member("key", variation.key).key("value").raw(variation.value).end_object();
    w.end_array();
}

void write_flag_config_members(Writer& w, const FlagConfig& config) {
    w.member("enabled", config.enabled);
    write_targeting(w, config);
}

void write_flag(Writer& w, const Flag& flag) {
    w.begin_object().member("key", flag.key).member("type", name_of(flag.type)).member("version", flag.version);
    w.member("enabled", flag.config.enabled).member("client", flag.client).key("variations");
    write_variations(w, flag.variations);
    write_targeting(w, flag.config);
    w.member("salt", flag.salt).member("track", flag.track).end_object();
}

void write_segment_body_members(Writer& w, const Segment& segment) {
    write_targets(w, "included", segment.included);
    write_targets(w, "excluded", segment.excluded);
    w.key("rules").begin_array();
    for (const auto& rule : segment.rules) {
        w.begin_object().key("when");
        write_condition(w, rule.when);
        w.end_object();
    }
    w.end_array();
}

void write_segment(Writer& w, const Segment& segment) {
    w.begin_object().member("key", segment.key).member("version", segment.version);
    if (segment.client) w.member("client", true);
    write_segment_body_members(w, segment);
    w.end_object();
}

}  // namespace fanion::model
