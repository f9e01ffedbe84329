#pragma once

// Rulesets made at random, the same for the same seed. Every one is valid.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/eval/random_values.hpp"

namespace fanion::test {

struct RandomItem {
    std::string key;  // "flag/f0", "segment/s1"
    std::string body;

    friend bool operator==(const RandomItem&, const RandomItem&) = default;
};

// The same seed with another edition shares most items; some were changed, some are only in one of
// the two. References lead from lower to higher numbers, so that leaving out the first ones breaks
// none.
std::vector<RandomItem> random_items(std::uint64_t seed, unsigned edition);

// {"flags":[..],"segments":[..]} of the same items.
std::string plain_form(const std::vector<RandomItem>& items);

}  // namespace fanion::test
