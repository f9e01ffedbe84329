#pragma once

// JSON numbers compared by value: `1` equals `1.0`, and 64-bit integers beyond 2^53 are told apart.
// Immutable, pure.
//
// A number whose value is an integer of at most 64 bits, besides its sign, is kept exactly, however
// it is spelled: 1, 1.0, 1e0. Every other number is the nearest double.

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fanion::eval {

struct Number {
    std::uint64_t magnitude = 0;  // if is_integer
    double real = 0;              // if not
    bool is_integer = true;
    bool negative = false;  // if is_integer; never for zero

    static Number of(std::int64_t value) noexcept;
};

// nullopt unless the whole text is a JSON number (RFC 8259, section 6).
std::optional<Number> parse_number(std::string_view text) noexcept;

// By value, exactly: an integer and a double are not rounded to each other.
std::weak_ordering compare(const Number& a, const Number& b) noexcept;

}  // namespace fanion::eval
