#pragma once

// A token bucket: so many requests at once, and so many more each second. Pure; time is an input.
//
// It is kept as the one time at which it is full again (the generic cell rate algorithm): a request
// moves that time on by what one costs, and is refused when it would lie further away than an empty
// bucket takes to fill.

#include <cstdint>

namespace fanion::cp::quotas {

using Nanoseconds = std::int64_t;  // of a clock that is never set back

struct Rate {
    std::uint64_t per_second = 0;  // 0: no limit
    std::uint64_t burst = 0;       // at least 1 where there is a limit
    bool is_limited() const noexcept { return per_second > 0; }
};

// After a request, or what a look finds.
struct Standing {
    bool is_admitted = true;
    std::uint64_t limit = 0;        // requests that a full bucket admits at once
    std::uint64_t remaining = 0;    // requests that it admits now
    std::uint64_t reset = 0;        // seconds until it is full, rounded up
    std::uint64_t retry_after = 0;  // seconds, rounded up, until a refused request is admitted
};

// Takes one request from the bucket that is full again at `full_at`. 0: full. `rate` is limited,
// and may differ from the one before.
Standing take(Nanoseconds& full_at, Rate rate, Nanoseconds now) noexcept;
// The same without a request.
Standing look(Nanoseconds full_at, Rate rate, Nanoseconds now) noexcept;

}  // namespace fanion::cp::quotas
