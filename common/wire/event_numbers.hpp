#pragma once

// How many events of each kind. Pure.

#include <cstdint>

namespace fanion::wire {

struct EventNumbers {
    std::uint64_t counts = 0;  // evaluations, not rows
    std::uint64_t exposures = 0;
    std::uint64_t metrics = 0;
    friend bool operator==(const EventNumbers&, const EventNumbers&) = default;
};

}  // namespace fanion::wire
