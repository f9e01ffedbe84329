#pragma once

// Equality of short byte strings without a function call: member names, keys, values of short
// lists. Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace fanion::json {

// Packs up to eight bytes of a string into one word. Two strings of equal length are equal if and
// only if their heads are equal, provided that the length is at most 8; for longer strings, equal
// heads mean equal first eight bytes.
inline std::uint64_t head_of(std::string_view text) noexcept {
    const char* p = text.data();
    const auto size = text.size();
    if (size >= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);
        return word;
    }
    if (size >= 4) {
        std::uint32_t first;
        std::uint32_t last;
        std::memcpy(&first, p, 4);
        std::memcpy(&last, p + size - 4, 4);
        return first | std::uint64_t{last} << 32;
    }
    if (size == 0) return 0;
    const auto byte = [p](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(p[i])}; };
    return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

// Compares the rest of two strings of `length` > 8 bytes whose first eight bytes are known to be
// equal. Not memcmp: without a call, the callers' loops keep their state in registers.
inline bool equal_tails(const char* a, const char* b, std::size_t length) noexcept {
    const auto differ_at = [a, b](std::size_t offset) {
        std::uint64_t x;
        std::uint64_t y;
        std::memcpy(&x, a + offset, 8);
        std::memcpy(&y, b + offset, 8);
        return x != y;
    };
    if (differ_at(length - 8)) return false;
    if (length > 16) [[unlikely]]
        for (std::size_t at = 8; at + 8 < length; at += 8)
            if (differ_at(at)) return false;
    return true;
}

inline bool equal_text(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && head_of(a) == head_of(b) &&
           (a.size() <= 8 || equal_tails(a.data(), b.data(), a.size()));
}

}  // namespace fanion::json
