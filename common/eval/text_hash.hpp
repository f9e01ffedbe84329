#pragma once

// A fast hash of short strings for our own tables; never stored, never sent.

#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/eval/fold.hpp"

namespace fanion::eval {

template <bool Fold>
std::uint32_t text_hash(std::string_view text) noexcept {
    std::uint64_t hash = text.size() * 0x9E3779B97F4A7C15u;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ (Fold ? fold_word(word) : word)) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    };
    const char* p = text.data();
    std::size_t left = text.size();
    std::uint64_t word = 0;
    for (; left > 8; left -= 8, p += 8) {
        std::memcpy(&word, p, 8);
        mix(word);
    }
    if (text.size() >= 8) {  // the last eight bytes, overlapping what was mixed before
        std::memcpy(&word, text.data() + text.size() - 8, 8);
        mix(word);
    } else if (left >= 4) {
        std::uint32_t low = 0;
        std::uint32_t high = 0;
        std::memcpy(&low, p, 4);
        std::memcpy(&high, p + left - 4, 4);
        mix(low | std::uint64_t{high} << 32);
    } else if (left > 0) {
        const auto byte = [p](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(p[i])}; };
        mix(byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16);
    }
    return static_cast<std::uint32_t>(hash);
}

}  // namespace fanion::eval
