#include "control-plane/flags/flag.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/limits.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::flags {

std::string_view name_of(Lifetime lifetime) noexcept {
    switch (lifetime) {
        case Lifetime::release:
            return "release";
        case Lifetime::experiment:
            return "experiment";
        case Lifetime::operational:
            return "operational";
        case Lifetime::permission:
            return "permission";
    }
    return "";
}

std::optional<Lifetime> parse_lifetime(std::string_view name) noexcept {
    for (const auto lifetime : all_lifetimes)
        if (name_of(lifetime) == name) return lifetime;
    return std::nullopt;
}

bool has_variation(const FlagDefinition& definition, std::string_view key) {
    return std::any_of(definition.variations.begin(), definition.variations.end(),
                       [&](const model::Variation& v) { return v.key == key; });
}

model::FlagConfig default_config(const FlagDefinition& definition) {
    model::FlagConfig config;
    const bool switches = definition.type == model::FlagType::boolean && has_variation(definition, "on") &&
                          has_variation(definition, "off");
    if (switches) {
        config.off = "off";
        config.fallthrough = model::ServeVariation{"on"};
    } else if (!definition.variations.empty()) {
        config.fallthrough = model::ServeVariation{definition.variations.front().key};
        // Some OFREP providers take an answer without a value for an error, hence one that can be sent. Not for a boolean
        // flag of other names: its first variation may be `true`.
        if (definition.type != model::FlagType::boolean) config.off = definition.variations.front().key;
    }
    return config;
}

FlagEnvironment default_config(const FlagDefinition& definition, std::string environment, UnixMillis now) {
    return {std::move(environment), default_config(definition), 1, now};
}

void write_lifetime(json::Writer& w, std::optional<Lifetime> lifetime) {
    w.key("lifetime");
    if (lifetime) {
        w.string(name_of(*lifetime));
    } else {
        w.null();
    }
}

double share_of(const model::FlagConfig& config) {
    const auto is_off = [&](std::string_view variation) { return config.off && *config.off == variation; };
    if (const auto* served = std::get_if<model::ServeVariation>(&config.fallthrough))
        return is_off(served->variation) ? 0 : 100;
    const auto& split = std::get<model::Split>(config.fallthrough);
    std::uint32_t covered = 0;
    std::uint32_t others = 0;
    for (const auto& range : split.ranges) {
        covered += range.to - range.from;
        if (!is_off(range.variation)) others += range.to - range.from;
    }
    if (split.otherwise && !is_off(*split.otherwise)) others += limits::slots - covered;
    return others * 100.0 / limits::slots;
}

model::Flag to_model_flag(const FlagDefinition& definition, const model::FlagConfig& config, std::uint64_t version) {
    model::Flag flag;
    flag.key = definition.key;
    flag.type = definition.type;
    flag.version = version;
    flag.client = definition.client;
    flag.track = definition.track;
    flag.salt = definition.salt;
    flag.variations = definition.variations;
    flag.config = config;
    return flag;
}

std::vector<model::Variation> boolean_variations() { return {{"on", "true"}, {"off", "false"}}; }

std::string item_key(const FlagDefinition& definition) { return "flag/" + definition.key; }

std::string item_body(const FlagDefinition& definition, const FlagEnvironment& environment) {
    const auto flag = to_model_flag(definition, environment.config, environment.version);
    return body::text_of([&](json::Writer& w) { model::write_flag(w, flag); });
}

void write_definition_members(json::Writer& w, const FlagDefinition& definition) {
    w.member("key", definition.key).member("type", model::name_of(definition.type)).member("name", definition.name);
    w.member("description", definition.description).key("tags").begin_array();
    for (const auto& tag : definition.tags) w.string(tag);
    w.end_array().member("owner", definition.owner);
    write_lifetime(w, definition.lifetime);
    w.key("variations");
    model::write_variations(w, definition.variations);
    w.member("client", definition.client).member("track", definition.track).member("salt", definition.salt);
    w.member("archived", definition.archived).member("version", definition.version);
    w.member("created_at", format_rfc3339(definition.created_at));
    w.member("updated_at", format_rfc3339(definition.updated_at));
}

std::string to_json(const FlagDefinition& definition) {
    return body::object_text([&](json::Writer& w) { write_definition_members(w, definition); });
}

std::string to_json(std::string_view flag, const FlagEnvironment& environment) {
    return body::object_text([&](json::Writer& w) {
        w.member("flag", flag).member("environment", environment.environment);
        model::write_flag_config_members(w, environment.config);
        w.member("version", environment.version).member("updated_at", format_rfc3339(environment.updated_at));
    });
}

std::string config_json(const model::FlagConfig& config) {
    return body::object_text([&](json::Writer& w) { model::write_flag_config_members(w, config); });
}

std::optional<model::FlagType> parse_flag_type(std::string_view name) noexcept {
    using model::FlagType;
    for (const auto type : {FlagType::boolean, FlagType::string, FlagType::number, FlagType::json}) {
        if (model::name_of(type) == name) return type;
    }
    return std::nullopt;
}

}  // namespace fanion::cp::flags
