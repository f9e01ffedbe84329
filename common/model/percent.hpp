#pragma once

// Percentages as people write them and slots as rulesets hold them (ruleset.md: slots are 0..99999, 0.001 %). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/json/limits.hpp"

namespace fanion::model {

// "12.5" is 12500. Nothing when `text` is not wholly a JSON number, is negative, is more than 100 or has more than three
// decimals that are not zero. Exact: no floating point.
std::optional<std::uint32_t> slots_of_percent(std::string_view text);

// The shortest text that slots_of_percent() reads as `slots`: 12500 is "12.5".
std::string percent_of_slots(std::uint32_t slots);

}  // namespace fanion::model
