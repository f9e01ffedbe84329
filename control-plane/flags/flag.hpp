#pragma once

// A flag as the control plane stores it, the definition (one per project) and one configuration per
// environment, and its JSON in the admin API. Plain values, pure functions.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/writer.hpp"
#include "common/model/flag.hpp"

namespace fanion::cp::flags {

// How long a flag is meant to stay: until a release is done, until an experiment is decided, as a
// switch of the operation, as a right that users have.
enum class Lifetime { release, experiment, operational, permission };
inline constexpr std::array all_lifetimes{Lifetime::release, Lifetime::experiment, Lifetime::operational,
                                          Lifetime::permission};
std::string_view name_of(Lifetime lifetime) noexcept;
std::optional<Lifetime> parse_lifetime(std::string_view name) noexcept;
// The member `lifetime`, null where there is none.
void write_lifetime(json::Writer& w, std::optional<Lifetime> lifetime);

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
    std::string salt;                                 // fixed at creation
    bool archived = false;                            // in no ruleset until it is restored
    std::optional<Lifetime> lifetime = std::nullopt;  // nobody has said; not part of rulesets
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    friend bool operator==(const FlagDefinition&, const FlagDefinition&) = default;
};

bool has_variation(const FlagDefinition& definition, std::string_view key);

// One environment's configuration. `version` is that of the flag's item in the ruleset: it grows
// with every change of the item, a change of the definition included.
struct FlagEnvironment {
    std::string environment;  // key
    model::FlagConfig config;
    std::uint64_t version = 1;
    UnixMillis updated_at = 0;
    friend bool operator==(const FlagEnvironment&, const FlagEnvironment&) = default;
};

// False when the difference reaches evaluators.
inline bool same_for_evaluators(const FlagEnvironment& a, const FlagEnvironment& b) { return a.config == b.config; }

// The configuration of a new flag: disabled; fallthrough `on` and off `off` where a boolean flag
// has such variations; off and fallthrough the first variation of a flag of another type; else
// fallthrough the first variation and off the caller's own default.
model::FlagConfig default_config(const FlagDefinition& definition);
FlagEnvironment default_config(const FlagDefinition& definition, std::string environment, UnixMillis now);
// A boolean flag's variations when none are given.
std::vector<model::Variation> boolean_variations();

// Of the contexts that reach the fallthrough, how many percent get another variation than `off`.
double share_of(const model::FlagConfig& config);

// The flag as evaluators receive it.
model::Flag to_model_flag(const FlagDefinition& definition, const model::FlagConfig& config, std::uint64_t version);

// True when a flag has an item in rulesets, in every environment.
inline bool is_in_ruleset(const FlagDefinition& definition) { return !definition.archived; }
// The item `flag/<key>` of a ruleset.
std::string item_key(const FlagDefinition& definition);
std::string item_body(const FlagDefinition& definition, const FlagEnvironment& environment);

// Members of the admin API's representation, without braces.
void write_definition_members(json::Writer& w, const FlagDefinition& definition);
std::string to_json(const FlagDefinition& definition);
std::string to_json(std::string_view flag, const FlagEnvironment& environment);
std::string config_json(const model::FlagConfig& config);  // {"enabled":..,..,"fallthrough":..}

std::optional<model::FlagType> parse_flag_type(std::string_view name) noexcept;

}  // namespace fanion::cp::flags
