#pragma once

// What the rollouts of this process export. Thread-safe.

#include <map>
#include <utility>

#include "common/telemetry/metrics.hpp"
#include "control-plane/rollouts/progress.hpp"

namespace fanion::cp::rollouts {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    void count(const Decision& decision) noexcept;

    telemetry::Gauge running;  // of all replicas, as the next two
    telemetry::Gauge held;
    telemetry::Gauge paused;
    std::map<std::pair<Action, Reason>, telemetry::Counter> decisions;  // those that there are; fixed
    telemetry::Counter leases_lost;
    telemetry::Counter errors;
};

}  // namespace fanion::cp::rollouts
