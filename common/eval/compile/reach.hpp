#pragma once

// Which items the answers for some flags depend on. Pure; for each new ruleset, not for
// evaluations.

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/eval/compile/ruleset.hpp"

namespace fanion::eval {

enum class FlagsAsked : std::uint8_t { all, client };  // client: those that are marked so

// Keys without their prefix, in byte order. Views are valid as long as the ruleset.
struct Reach {
    std::vector<std::string_view> flags;
    std::vector<std::string_view> segments;
};

// The flags asked for, and what they refer to as prerequisites and segments, directly or through
// others. Whatever changes elsewhere in the ruleset changes none of their answers.
Reach reach_of(const Ruleset& ruleset, FlagsAsked asked);

// What client keys that may have rules are given: the flags marked `client` that refer to nothing
// but flags and segments marked `client`, directly or through others, and the segments that they
// refer to. It is complete: every reference leads to something in it.
Reach rules_for_clients(const Ruleset& ruleset);

}  // namespace fanion::eval
