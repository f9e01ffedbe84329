#pragma once

// Rulesets and contexts made at random, the same for the same seed on every machine. Every ruleset is valid; values are drawn
// from few, so that conditions hold often.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::test {

// splitmix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    bool chance(std::size_t percent) { return below(100) < percent; }
    template <class List>
    const auto& pick(const List& list) {
        return list[below(std::size(list))];
    }

private:
    std::uint64_t state_;
};

struct RandomItem {
    std::string key;  // "flag/f0", "segment/s1"
    std::string body;

    friend bool operator==(const RandomItem&, const RandomItem&) = default;
};

// The same seed with another edition shares most items; some were changed, some are only in one of the two. References
// lead from lower to higher numbers, so that leaving out the first ones breaks none.
std::vector<RandomItem> random_items(std::uint64_t seed, unsigned edition);

// {"flags":[..],"segments":[..]} of the same items.
std::string plain_form(const std::vector<RandomItem>& items);

// An object; now and then another JSON value.
std::string random_context(Random& random);

}  // namespace fanion::test
