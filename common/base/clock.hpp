#pragma once

// Time as an input: pure code receives a number, and only the code around it reads a Clock.
// Thread-safe.

#include <atomic>
#include <cstdint>

namespace fanion {

using UnixMillis = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z

class Clock {
public:
    virtual ~Clock() = default;
    virtual UnixMillis now() const noexcept = 0;
};

class SystemClock final : public Clock {
public:
    UnixMillis now() const noexcept override;
};

// For tests. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(UnixMillis start = 1'763'720'000'000) : now_(start) {}
    UnixMillis now() const noexcept override { return now_.load(); }
    void advance(UnixMillis by) { now_ += by; }
    void set(UnixMillis to) { now_ = to; }

private:
    std::atomic<UnixMillis> now_;
};

}  // namespace fanion
