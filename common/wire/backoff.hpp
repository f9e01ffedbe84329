#pragma once

// How long to wait before the next attempt: exponential with full jitter (each wait is uniform between zero and a bound
// that doubles). Pure: the random number is the caller's. Plain value; one thread.

#include <chrono>

namespace fanion::wire {

struct BackoffParameters {
    std::chrono::milliseconds first{500};     // the first bound
    std::chrono::milliseconds limit{30'000};  // no bound above this
    std::chrono::milliseconds slow{60'000};   // after 401 or 403
};

class Backoff {
public:
    explicit Backoff(BackoffParameters parameters = {}) : parameters_(parameters) {}

    // `random` in [0, 1). The wait before the next attempt; counts one failure. In slow mode: `slow` and up to a tenth more.
    std::chrono::milliseconds next(double random) noexcept;

    // The credential was refused (401, 403): waits are `slow` until reset().
    void slow_down() noexcept { slow_ = true; }
    bool is_slow() const noexcept { return slow_; }

    // Success: the next failure waits like the first.
    void reset() noexcept;

    unsigned failures() const noexcept { return failures_; }

private:
    BackoffParameters parameters_;
    unsigned failures_ = 0;
    bool slow_ = false;
};

}  // namespace fanion::wire
