#pragma once

// Case-insensitive comparison of ASCII letters, and of nothing else (docs/ruleset.md,
// `ignore_case`). Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace fanion::eval {

// Every byte 'A'..'Z' becomes lower case; bytes of multi-byte characters have their high bit set
// and stay as they are. SIMD within a register (H. Warren, Hacker's Delight, chapter 6): adding to
// the low seven bits of a byte carries into its high bit where the byte is at least 'A', or above
// 'Z'. Upper case is the first without the second, and 0x80 >> 2 is the bit 0x20 that makes a
// letter lower case.
constexpr std::uint64_t fold_word(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    const std::uint64_t low_bits = word & (ones * 0x7F);
    const std::uint64_t above_z = low_bits + ones * (0x7F - 'Z');
    const std::uint64_t from_a = low_bits + ones * (0x80 - 'A');
    const std::uint64_t upper = (from_a ^ above_z) & ~word & (ones * 0x80);
    return word | (upper >> 2);
}

constexpr char fold_char(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Whether `text`, folded, equals `folded`, which is folded already. Both have `length` bytes.
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
