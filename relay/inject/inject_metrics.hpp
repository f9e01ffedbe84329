#pragma once

// What the admission webhook counts. Names and meanings: docs/metrics.md. Thread-safe.

#include <array>

#include "common/telemetry/metrics.hpp"
#include "relay/inject/review.hpp"

namespace fanion::relay::inject {

struct InjectMetrics {
    std::array<telemetry::Counter, 4> reviews;  // by Outcome
    telemetry::Counter malformed;

    void count(Outcome outcome) noexcept { reviews[static_cast<std::size_t>(outcome)].add(); }
};

void register_metrics(telemetry::Registry& registry, const InjectMetrics& metrics);

}  // namespace fanion::relay::inject
