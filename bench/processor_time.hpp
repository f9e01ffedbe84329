#pragma once

// Processor time of this process, all threads: what a shared machine's other work leaves out of a
// measurement.

#include <ctime>

namespace fanion::bench {

inline double processor_seconds() noexcept {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace fanion::bench
