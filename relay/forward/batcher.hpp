#pragma once

// What an answer to a batch means and how long to wait before the next attempt (events.md, Forwarding). Pure: the random
// number is the caller's. One batch is in flight at a time. One thread.

#include <chrono>
#include <string_view>

#include "common/wire/backoff.hpp"

namespace fanion::relay::forward {

enum class Verdict {
    delivered,
    rejected,  // the control plane will never take it: it leaves the queue
    split,     // too large: to be sent in halves, or rejected where it is one row
    retry,     // the same again after the wait
};

struct Step {
    Verdict verdict;
    std::chrono::milliseconds wait{0};
};

struct Answer {
    unsigned status = 0;
    std::string_view retry_after;  // the header; whole seconds, anything else is as if missing
    bool names_batch = false;  // the body repeats the batch's id: it comes from a control plane and not from a proxy
};

class Batcher {
public:
    static constexpr std::chrono::milliseconds max_retry_after{3'600'000};

    Batcher()
        : backoff_(
              {std::chrono::milliseconds(500), std::chrono::milliseconds(60'000), std::chrono::milliseconds(60'000)}) {}

    // `random` in [0, 1).
    Step on_answer(const Answer& answer, double random);
    Step on_failure(double random);  // no answer: refused, broken off, timed out

private:
    Step settled(Verdict verdict);

    wire::Backoff backoff_;
};

}  // namespace fanion::relay::forward
