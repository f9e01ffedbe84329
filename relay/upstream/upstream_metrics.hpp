#pragma once

// What the upstream side counts. Names and meanings: docs/metrics.md. Thread-safe counters.

#include "common/telemetry/metrics.hpp"

namespace fanion::relay::upstream {

struct UpstreamMetrics {
    telemetry::Gauge connected;
    telemetry::Counter streams_opened;
    telemetry::Counter streams_failed;
    telemetry::Counter refused;  // 401 and 403
    telemetry::Counter events;
    telemetry::Counter fetches;
    telemetry::Counter fetches_failed;
    telemetry::Counter polls;
    telemetry::Counter polls_unreachable;
    telemetry::Counter polls_refused;  // a status that is neither 200 nor 404
    telemetry::Counter polls_empty;    // 200, and not one event
    telemetry::Counter reports_sent;
    telemetry::Counter reports_failed;
};

void register_metrics(telemetry::Registry& registry, const UpstreamMetrics& metrics);

}  // namespace fanion::relay::upstream
