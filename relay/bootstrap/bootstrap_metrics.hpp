#pragma once

// What the start from other places counts. Names and meanings: docs/metrics.md.

#include "common/telemetry/metrics.hpp"

namespace fanion::relay::bootstrap {

struct BootstrapMetrics {
    telemetry::Counter reads;
    telemetry::Counter failures;
    telemetry::Counter applied;
    telemetry::Counter rejected;
};

void register_metrics(telemetry::Registry& registry, const BootstrapMetrics& metrics);

}  // namespace fanion::relay::bootstrap
