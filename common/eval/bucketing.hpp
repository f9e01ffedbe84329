#pragma once

// Slots of ruleset.md, Bucketing. The salt's part of the hash is computed when a ruleset is compiled. Immutable; thread-safe.

#include <array>
#include <cstdint>
#include <string_view>

#include "common/model/flag.hpp"

namespace fanion::eval {

class Bucketing {
public:
    Bucketing(model::Hash hash, std::string_view salt) noexcept;

    // The unit's slot, 0..99999.
    std::uint32_t slot(std::string_view unit) const noexcept;

    // The raw hash of `salt ":" unit`: murmur3_x86_32 with seed 0, or djb2 modulo 2^32.
    std::uint32_t hash(std::string_view unit) const noexcept;

private:
    std::uint32_t murmur3(std::string_view unit) const noexcept;
    std::uint32_t djb2(std::string_view unit) const noexcept;

    model::Hash hash_;
    std::uint32_t state_ = 0;                // after the whole blocks of salt and colon
    std::uint32_t length_ = 0;               // bytes of salt and colon
    std::array<std::uint8_t, 4> pending_{};  // what did not fill a block
    std::uint32_t pending_size_ = 0;
};

}  // namespace fanion::eval
