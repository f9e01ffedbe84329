#pragma once

// A fast hash of short strings for tables in memory; never stored, never sent. Use the high bits.
// Pure.
//
// Multiplicative hashing after Knuth (The Art of Computer Programming, volume 3, section 6.4): the
// multiplier is 2^64 divided by the golden ratio, and the high bits of a product depend on all bits
// of the factor. Longer texts are mixed eight bytes at a time, xor and multiply as in FNV-1a
// (draft-eastlake-fnv), with a shift that brings high bits back down; the last word overlaps the
// one before it and is rotated, so that texts that differ in their last bytes only still differ in
// the high bits.
//
// It is not keyed. Whoever writes a ruleset can make keys or listed values collide: building a
// table of n of them then costs O(n^2) and a look-up O(n) comparisons, with n at most
// limits::list_values or limits::flags. Rulesets are written by authenticated editors, so that is
// accepted; a context only looks up, and cannot make a table degenerate.
//
// `head` is json::head_of(text). `Fold`: texts that differ only in the case of ASCII letters have
// the same hash.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/eval/operators/fold.hpp"

namespace fanion::eval {

template <bool Fold>
std::uint64_t text_hash(std::string_view text, std::uint64_t head) noexcept {
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15u;
    const auto word_at = [&text](std::size_t offset) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + offset, 8);
        return Fold ? fold_word(word) : word;
    };
    auto hash = (Fold ? fold_word(head) : head) ^ text.size();
    if (text.size() <= 8) return hash * golden;
    for (std::size_t at = 8; at + 8 < text.size(); at += 8) {
        hash = (hash ^ word_at(at)) * golden;
        hash ^= hash >> 32;
    }
    return (hash ^ std::rotl(word_at(text.size() - 8), 32)) * golden;
}

}  // namespace fanion::eval
