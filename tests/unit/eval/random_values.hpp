#pragma once

// The dice of the random tests, and the values that random rulesets and contexts are made of: few,
// so that conditions hold often. The same for the same seed and compiler (the operands of + are
// drawn in its order).

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
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

// JSON texts to draw from; names and attributes are bare.
using Pool = std::vector<std::string_view>;

namespace pools {
extern const Pool texts;
extern const Pool numbers;
extern const Pool numeric_texts;
extern const Pool versions;
extern const Pool bad_versions;
extern const Pool times;
extern const Pool bad_times;
extern const Pool networks;
extern const Pool addresses;
extern const Pool patterns;
extern const Pool others;
extern const Pool names;
extern const Pool attributes;
}  // namespace pools

std::string quote(std::string_view text);  // of what needs no escape

// An object; now and then another JSON value.
std::string random_context(Random& random);

}  // namespace fanion::test
