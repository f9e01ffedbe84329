#pragma once

// Converts between percentages, as people write them, and slots of 0.001 %, as rulesets store them
// (docs/ruleset.md, Bucketing). Exact: no floating point. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/json/limits.hpp"

namespace fanion::model {

// "12.5" yields 12500. nullopt unless the whole text is a JSON number from 0 to 100 with at most
// three significant decimals.
std::optional<std::uint32_t> slots_of_percent(std::string_view text);

// The shortest text that slots_of_percent() reads as `slots`: 12500 yields "12.5".
std::string percent_of_slots(std::uint32_t slots);

}  // namespace fanion::model
