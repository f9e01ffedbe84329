#include "common/eval/rollout/bucketing.hpp"

namespace fanion::eval {
namespace {

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
    for (; i + 4 <= salt.size(); i += 4) state_ = murmur3::add_block(state_, murmur3::block_at(salt.data() + i));
    for (; i < salt.size(); ++i) append(static_cast<unsigned char>(salt[i]));
    append(':');
}

void Bucketing::append(unsigned char byte) noexcept {
    pending_ |= std::uint32_t{byte} << pending_bits_;
    pending_bits_ += 8;
    if (pending_bits_ < 32) return;
    state_ = murmur3::add_block(state_, pending_);
    pending_ = 0;
    pending_bits_ = 0;
}

std::uint32_t Bucketing::djb2_of(std::string_view unit) const noexcept { return add_djb2(state_, unit); }

std::uint32_t Bucketing::hash(std::string_view unit) const noexcept {
    return hash_ == model::Hash::murmur3 ? murmur3_of(unit) : djb2_of(unit);
}

}  // namespace fanion::eval
