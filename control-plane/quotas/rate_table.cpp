#include "control-plane/quotas/rate_table.hpp"

#include <algorithm>

namespace fanion::cp::quotas {
namespace {

std::uint64_t stored(std::uint64_t key) noexcept { return key == 0 ? 1 : key; }

}  // namespace

RateTable::RateTable(std::size_t capacity)
    : sets_(std::max<std::size_t>((capacity + ways - 1) / ways, 1)), slots_(sets_ * ways) {}

Standing RateTable::take(std::uint64_t key, Rate rate, Nanoseconds now) noexcept {
    key = stored(key);
    auto* const first = &slots_[first_of(key)];
    auto* const end = first + ways;
    auto* slot = std::find_if(first, end, [key](const Slot& held) { return held.key == key; });
    if (slot == end) {
        slot = std::min_element(first, end, [](const Slot& a, const Slot& b) { return a.full_at < b.full_at; });
        *slot = {key, 0};
    }
    return quotas::take(slot->full_at, rate, now);
}

Standing RateTable::look(std::uint64_t key, Rate rate, Nanoseconds now) const noexcept {
    key = stored(key);
    const auto* const first = &slots_[first_of(key)];
    const auto* const slot = std::find_if(first, first + ways, [key](const Slot& held) { return held.key == key; });
    return quotas::look(slot == first + ways ? 0 : slot->full_at, rate, now);
}

}  // namespace fanion::cp::quotas
