#pragma once

// How long to wait before the next attempt: exponential backoff with full jitter. Each wait is
// uniformly distributed between zero and a bound that doubles with every failure. Pure: the caller
// supplies the random number. Not thread-safe.

#include <chrono>

namespace fanion::wire {

struct BackoffParameters {
    std::chrono::milliseconds first{500};     // the first bound
    std::chrono::milliseconds limit{30'000};  // the highest bound
    std::chrono::milliseconds slow{60'000};   // the wait after a 401 or 403
};

class Backoff {
public:
    explicit Backoff(BackoffParameters parameters = {}) : parameters_(parameters) {}

    // Counts one failure and returns the wait before the next attempt. `random` is in [0, 1). In
    // slow mode the wait is between `slow` and 1.1 times `slow`.
    std::chrono::milliseconds next(double random) noexcept;

    // Enters slow mode until reset(): the credential was refused (401 or 403).
    void slow_down() noexcept { slow_ = true; }
    bool is_slow() const noexcept { return slow_; }

    // An attempt succeeded: the next failure is treated as the first.
    void reset() noexcept;

    unsigned failures() const noexcept { return failures_; }

private:
    BackoffParameters parameters_;
    unsigned failures_ = 0;
    bool slow_ = false;
};

}  // namespace fanion::wire
