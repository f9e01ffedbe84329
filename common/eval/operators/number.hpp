#pragma once

// JSON numbers compared by value: `1` equals `1.0`, and 64-bit integers beyond 2^53 are told apart. Immutable, pure.
//
// Every number whose value is an integer of at most 64 bits is held as one, whatever its spelling; the rest is a double.

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fanion::eval {

struct Number {
    std::uint64_t magnitude = 0;  // integer
    double real = 0;              // not integer
    bool is_integer = true;
    bool negative = false;  // integer; never for zero

    static Number of(std::int64_t value) noexcept;
};

// Nothing when `text` is not wholly a JSON number (RFC 8259, section 6).
std::optional<Number> parse_number(std::string_view text) noexcept;

std::weak_ordering compare(const Number& a, const Number& b) noexcept;

}  // namespace fanion::eval
