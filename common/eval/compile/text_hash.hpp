#pragma once

// A fast hash of short strings for our own tables; never stored, never sent. Its high bits are the good ones. `head` is
// json::head_of(text).

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/eval/operators/fold.hpp"
#include "common/json/equal_bytes.hpp"

namespace fanion::eval {

template <bool Fold>
std::uint64_t text_hash(std::string_view text, std::uint64_t head) noexcept {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15u;
    const auto word_at = [&text](std::size_t offset) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + offset, 8);
        return Fold ? fold_word(word) : word;
    };
    auto hash = (Fold ? fold_word(head) : head) ^ text.size();
    if (text.size() <= 8) return hash * odd;
    for (std::size_t at = 8; at + 8 < text.size(); at += 8) {
        hash = (hash ^ word_at(at)) * odd;
        hash ^= hash >> 32;
    }
    return (hash ^ std::rotl(word_at(text.size() - 8), 32)) * odd;  // overlaps what was mixed before
}

template <bool Fold>
std::uint64_t text_hash(std::string_view text) noexcept {
    return text_hash<Fold>(text, json::head_of(text));
}

}  // namespace fanion::eval
