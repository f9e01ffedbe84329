#pragma once

// A flag as the control plane keeps it: the definition (one per project) and one configuration per environment, with
// the JSON the admin API speaks. Plain values, pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/writer.hpp"
#include "common/model/flag.hpp"

namespace fanion::cp::flags {

struct FlagDefinition {
    std::string key;
    model::FlagType type = model::FlagType::boolean;
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    std::string owner;
    std::vector<model::Variation> variations;
    bool client = false;
    bool track = false;
    std::string salt;       // fixed at creation
    bool archived = false;  // taken out of every ruleset, may come back
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    friend bool operator==(const FlagDefinition&, const FlagDefinition&) = default;
};

// One environment's configuration. `version` is what the flag's item in the ruleset carries: it grows with every change
// of that item, also when the definition changed.
struct FlagEnvironment {
    std::string environment;  // key
    model::FlagConfig config;
    std::uint64_t version = 1;
    UnixMillis updated_at = 0;
    friend bool operator==(const FlagEnvironment&, const FlagEnvironment&) = default;
};

// The configuration of a new flag: disabled; fallthrough `on` and off `off` where a boolean flag has such variations,
// else fallthrough the first variation and off the caller's own default.
model::FlagConfig default_config(const FlagDefinition& definition);
// A boolean flag's variations when none are given.
std::vector<model::Variation> boolean_variations();

// The flag as evaluators receive it.
model::Flag to_model_flag(const FlagDefinition& definition, const model::FlagConfig& config, std::uint64_t version);

// The item `flag/<key>` of a ruleset.
std::string item_key(const FlagDefinition& definition);
std::string item_body(const FlagDefinition& definition, const FlagEnvironment& environment);

// Members of the admin API's representation, without braces.
void write_definition_members(json::Writer& w, const FlagDefinition& definition);
void write_flag_environment(json::Writer& w, std::string_view flag, const FlagEnvironment& environment);
std::string to_json(const FlagDefinition& definition);
std::string to_json(std::string_view flag, const FlagEnvironment& environment);
std::string config_json(const model::FlagConfig& config);  // {"enabled":..,..,"fallthrough":..}

std::optional<model::FlagType> parse_flag_type(std::string_view name) noexcept;

}  // namespace fanion::cp::flags
