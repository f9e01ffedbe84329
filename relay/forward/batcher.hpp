#pragma once

// What an answer to a batch means and how long to wait before the next attempt (events.md,
// Forwarding). Pure: the time and the random number are the caller's. One batch is in flight at a
// time. One thread.

#include <chrono>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/wire/backoff.hpp"

namespace fanion::relay::forward {

enum class Decision {
    delivered,
    rejected,  // the control plane will not accept it: the batch is dropped
    split,     // too large: to be sent in halves, or rejected if it is one row
    retry,     // to be sent again after the wait
};

struct Step {
    Decision decision;
    std::chrono::milliseconds wait{0};
};

struct Answer {
    unsigned status = 0;
    std::string_view retry_after;  // the header; ignored unless whole seconds
    bool names_batch = false;  // the body repeats the batch's id, so the answer is a control plane's and not a proxy's
};

class Batcher {
public:
    static constexpr std::chrono::milliseconds max_retry_after{3'600'000};
    // A batch that is answered so often, over so long a time, with a status that blames the batch
    // or the address is rejected: those behind it are to leave too.
    static constexpr unsigned most_failures = 20;
    static constexpr UnixMillis failure_time = 2 * 3'600'000;

    Batcher()
        : backoff_(
              {std::chrono::milliseconds(500), std::chrono::milliseconds(60'000), std::chrono::milliseconds(60'000)}) {}

    // `random` in [0, 1).
    Step on_answer(const Answer& answer, UnixMillis now, double random);
    Step on_failure(double random);  // no answer: connection refused, lost or timed out

private:
    Step settled(Decision decision);
    bool has_failed_for_good(unsigned status, UnixMillis now);

    wire::Backoff backoff_;
    unsigned failures_ = 0;         // of the batch in flight: answers that is_failure() names
    UnixMillis failing_since_ = 0;  // the first of them
};

}  // namespace fanion::relay::forward
