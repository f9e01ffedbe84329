#include "control-plane/quotas/bucket.hpp"

#include <algorithm>

namespace fanion::cp::quotas {
namespace {

constexpr Nanoseconds second = 1'000'000'000;

struct Times {
    Nanoseconds each;   // in which one request comes back
    Nanoseconds depth;  // in which an empty bucket fills
};

Times times_of(Rate rate) noexcept {
    const auto each = std::max<Nanoseconds>(second / static_cast<Nanoseconds>(rate.per_second), 1);
    return {each, each * static_cast<Nanoseconds>(rate.burst)};
}

std::uint64_t seconds_up(Nanoseconds time) noexcept { return static_cast<std::uint64_t>((time + second - 1) / second); }

Standing standing_of(Nanoseconds owed, Times times, Rate rate) noexcept {
    Standing found;
    found.limit = rate.burst;
    found.remaining = static_cast<std::uint64_t>((times.depth - owed) / times.each);
    found.reset = seconds_up(owed);
    return found;
}

// Never more than an empty bucket: the rate may have been another one.
Nanoseconds owed_at(Nanoseconds full_at, Times times, Nanoseconds now) noexcept {
    return std::clamp<Nanoseconds>(full_at - now, 0, times.depth);
}

}  // namespace

Standing look(Nanoseconds full_at, Rate rate, Nanoseconds now) noexcept {
    const auto times = times_of(rate);
    return standing_of(owed_at(full_at, times, now), times, rate);
}

Standing take(Nanoseconds& full_at, Rate rate, Nanoseconds now) noexcept {
    const auto times = times_of(rate);
    const auto owed = owed_at(full_at, times, now);
    const auto after = owed + times.each;
    if (after <= times.depth) {
        full_at = now + after;
        return standing_of(after, times, rate);
    }
    full_at = now + owed;
    auto refused = standing_of(owed, times, rate);
    refused.is_admitted = false;
    refused.retry_after = seconds_up(after - times.depth);
    return refused;
}

}  // namespace fanion::cp::quotas
