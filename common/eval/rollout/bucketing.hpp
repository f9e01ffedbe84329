#pragma once

// The slot of a unit (docs/ruleset.md, Bucketing). The part of the hash that depends on the salt is
// computed when a ruleset is compiled. Immutable; thread-safe.
//
// murmur3: MurmurHash3_x86_32 with seed 0, constants included, after Austin Appleby's reference
// code in the public domain (https://github.com/aappleby/smhasher, src/MurmurHash3.cpp). Its 32
// bits are scaled to slots by multiplication (D. Lemire, "Fast random integer generation in an
// interval", 2019), without its rejection step: the shares of two slots differ by at most 1 in
// 42,949.
//
// djb2: hash * 33 + byte from 5381, by Daniel J. Bernstein (http://www.cse.yorku.ca/~oz/hash.html),
// taken modulo 100 and thus whole percents; for rollouts that were moved from systems that do so.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/json/limits.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

namespace murmur3 {

inline std::uint32_t scramble(std::uint32_t block) noexcept { return std::rotl(block * 0xCC9E2D51u, 15) * 0x1B873593u; }

inline std::uint32_t add_block(std::uint32_t state, std::uint32_t block) noexcept {
    return std::rotl(state ^ scramble(block), 13) * 5 + 0xE6546B64u;
}

// Blocks are read as little-endian on every machine.
inline std::uint32_t block_at(const void* bytes) noexcept {
    std::uint32_t block;
    std::memcpy(&block, bytes, sizeof block);
    return std::endian::native == std::endian::little ? block : __builtin_bswap32(block);
}

inline std::uint32_t finish(std::uint32_t state, std::uint32_t length) noexcept {
    state ^= length;
    state = (state ^ state >> 16) * 0x85EBCA6Bu;
    state = (state ^ state >> 13) * 0xC2B2AE35u;
    return state ^ state >> 16;
}

}  // namespace murmur3

class Bucketing {
public:
    Bucketing(model::Hash hash, std::string_view salt) noexcept;

    // The unit's slot, 0..99999; with djb2 a multiple of 1000.
    std::uint32_t slot(std::string_view unit) const noexcept;

    // The raw hash of `salt ":" unit`: murmur3_x86_32 with seed 0, or djb2 modulo 2^32.
    std::uint32_t hash(std::string_view unit) const noexcept;

private:
    void append(unsigned char byte) noexcept;
    std::uint32_t murmur3_of(std::string_view unit) const noexcept;
    std::uint32_t djb2_of(std::string_view unit) const noexcept;

    model::Hash hash_;
    std::uint32_t state_ = 0;         // after the whole blocks of salt and colon
    std::uint32_t length_ = 0;        // bytes of salt and colon
    std::uint32_t pending_ = 0;       // bytes that do not fill a block yet, the first one lowest
    std::uint32_t pending_bits_ = 0;  // 0, 8, 16, 24
};

// The salt need not end at a block boundary, so the unit's bytes are shifted by the 0 to 3 bytes
// that are pending.
inline std::uint32_t Bucketing::murmur3_of(std::string_view unit) const noexcept {
    std::uint32_t state = state_;
    std::uint64_t pending = pending_;
    const char* p = unit.data();
    auto left = unit.size();
    for (; left >= 4; left -= 4, p += 4) {
        pending |= std::uint64_t{murmur3::block_at(p)} << pending_bits_;
        state = murmur3::add_block(state, static_cast<std::uint32_t>(pending));
        pending >>= 32;
    }
    for (std::size_t i = 0; i < left; ++i)
        pending |= std::uint64_t{static_cast<unsigned char>(p[i])} << (pending_bits_ + 8 * i);
    if (pending_bits_ + 8 * left >= 32) {
        state = murmur3::add_block(state, static_cast<std::uint32_t>(pending));
        pending >>= 32;
    }
    state ^= murmur3::scramble(static_cast<std::uint32_t>(pending));  // of no bytes: 0, which changes nothing
    return murmur3::finish(state, length_ + static_cast<std::uint32_t>(unit.size()));
}

inline std::uint32_t Bucketing::slot(std::string_view unit) const noexcept {
    if (hash_ == model::Hash::djb2) return djb2_of(unit) % 100 * 1000;
    return static_cast<std::uint32_t>((std::uint64_t{murmur3_of(unit)} * limits::slots) >> 32);
}

}  // namespace fanion::eval
