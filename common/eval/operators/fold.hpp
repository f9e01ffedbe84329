#pragma once

// ASCII letters fold, nothing else does (ruleset.md, ignore_case). Eight bytes at a time. Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace fanion::eval {

// Every byte 'A'..'Z' becomes its lower case; bytes of multi-byte characters have their high bit set and stay.
constexpr std::uint64_t fold_word(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    const std::uint64_t low_bits = word & (ones * 0x7F);
    const std::uint64_t above_z = low_bits + ones * (0x7F - 'Z');
    const std::uint64_t from_a = low_bits + ones * (0x80 - 'A');
    const std::uint64_t upper = (from_a ^ above_z) & ~word & (ones * 0x80);
    return word | (upper >> 2);
}

constexpr char fold_char(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// `folded` is folded already, and as long as `text`.
inline bool equals_folded(const char* text, const char* folded, std::size_t length) noexcept {
    std::size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        std::uint64_t a;
        std::uint64_t b;
        std::memcpy(&a, text + i, 8);
        std::memcpy(&b, folded + i, 8);
        if (fold_word(a) != b) return false;
    }
    for (; i < length; ++i)
        if (fold_char(text[i]) != folded[i]) return false;
    return true;
}

}  // namespace fanion::eval
