// MurmurHash3_x86_32 after Austin Appleby's public domain description; djb2 after Daniel J. Bernstein.

#include "common/eval/bucketing.hpp"

#include <bit>

#include "common/json/limits.hpp"

namespace fanion::eval {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t i) noexcept { return static_cast<unsigned char>(text[i]); }

std::uint32_t scramble(std::uint32_t block) noexcept { return std::rotl(block * 0xCC9E2D51u, 15) * 0x1B873593u; }

std::uint32_t add_block(std::uint32_t state, std::uint32_t block) noexcept {
    return std::rotl(state ^ scramble(block), 13) * 5 + 0xE6546B64u;
}

std::uint32_t block_at(std::string_view text, std::size_t i) noexcept {
    return byte_at(text, i) | byte_at(text, i + 1) << 8 | byte_at(text, i + 2) << 16 | byte_at(text, i + 3) << 24;
}

std::uint32_t block_of(const std::array<std::uint8_t, 4>& bytes) noexcept {
    return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 24;
}

std::uint32_t finish(std::uint32_t state, std::uint32_t length) noexcept {
    state ^= length;
    state = (state ^ state >> 16) * 0x85EBCA6Bu;
    state = (state ^ state >> 13) * 0xC2B2AE35u;
    return state ^ state >> 16;
}

std::uint32_t add_djb2(std::uint32_t state, std::string_view text) noexcept {
    for (const char c : text) state = state * 33 + static_cast<unsigned char>(c);
    return state;
}

}  // namespace

Bucketing::Bucketing(model::Hash hash, std::string_view salt) noexcept
    : hash_(hash), length_(static_cast<std::uint32_t>(salt.size() + 1)) {
    if (hash == model::Hash::djb2) {
        state_ = add_djb2(add_djb2(5381, salt), ":");
        return;
    }
    std::size_t i = 0;
    for (; i + 4 <= salt.size(); i += 4) state_ = add_block(state_, block_at(salt, i));
    for (; i < salt.size(); ++i) pending_[pending_size_++] = static_cast<std::uint8_t>(salt[i]);
    pending_[pending_size_++] = ':';
    if (pending_size_ == 4) {
        state_ = add_block(state_, block_of(pending_));
        pending_size_ = 0;
        pending_ = {};
    }
}

std::uint32_t Bucketing::murmur3(std::string_view unit) const noexcept {
    std::uint32_t state = state_;
    auto pending = pending_;
    auto size = pending_size_;
    std::size_t i = 0;
    if (size > 0) {
        while (size < 4 && i < unit.size()) pending[size++] = static_cast<std::uint8_t>(unit[i++]);
        if (size == 4) {
            state = add_block(state, block_of(pending));
            size = 0;
            pending = {};
        }
    }
    for (; i + 4 <= unit.size(); i += 4) state = add_block(state, block_at(unit, i));
    while (i < unit.size()) pending[size++] = static_cast<std::uint8_t>(unit[i++]);
    if (size > 0) state ^= scramble(block_of(pending));
    return finish(state, length_ + static_cast<std::uint32_t>(unit.size()));
}

std::uint32_t Bucketing::djb2(std::string_view unit) const noexcept { return add_djb2(state_, unit); }

std::uint32_t Bucketing::hash(std::string_view unit) const noexcept {
    return hash_ == model::Hash::murmur3 ? murmur3(unit) : djb2(unit);
}

std::uint32_t Bucketing::slot(std::string_view unit) const noexcept {
    if (hash_ == model::Hash::djb2) return djb2(unit) % 100 * 1000;
    return static_cast<std::uint32_t>((std::uint64_t{murmur3(unit)} * limits::slots) >> 32);
}

}  // namespace fanion::eval
