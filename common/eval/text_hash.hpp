#pragma once

// A fast hash of short strings for our own tables; never stored, never sent. `head` is json::head_of(text).

#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/eval/fold.hpp"
#include "common/json/equal_bytes.hpp"

namespace fanion::eval {

template <bool Fold>
std::uint32_t text_hash(std::string_view text, std::uint64_t head) noexcept {
    const auto word_at = [&text](std::size_t offset) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + offset, 8);
        return Fold ? fold_word(word) : word;
    };
    const auto mix = [](std::uint64_t hash, std::uint64_t word) {
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        return hash ^ hash >> 32;
    };
    auto hash = mix(text.size() * 0x9E3779B97F4A7C15u, Fold ? fold_word(head) : head);
    if (text.size() <= 8) return static_cast<std::uint32_t>(hash);
    for (std::size_t at = 8; at + 8 < text.size(); at += 8) hash = mix(hash, word_at(at));
    return static_cast<std::uint32_t>(mix(hash, word_at(text.size() - 8)));  // overlaps what was mixed before
}

template <bool Fold>
std::uint32_t text_hash(std::string_view text) noexcept {
    return text_hash<Fold>(text, json::head_of(text));
}

}  // namespace fanion::eval
