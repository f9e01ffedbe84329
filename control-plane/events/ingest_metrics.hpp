#pragma once

// What came of event batches (docs/metrics.md). Counters; thread-safe.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::events {

struct IngestMetrics {
    explicit IngestMetrics(telemetry::Registry& registry);
    IngestMetrics(const IngestMetrics&) = delete;

    telemetry::Counter batches;      // stored
    telemetry::Counter duplicates;   // known already
    telemetry::Counter rejected;     // 400, 413, 422
    telemetry::Counter divided;      // parts are stored already
    telemetry::Counter evaluations;  // in stored batches
    telemetry::Counter exposures;    // likewise
    telemetry::Counter metrics;
    telemetry::Counter reported_drops;
    telemetry::Counter old_exposures;  // of `exposures`: too old, without a row
    telemetry::Counter old_metrics;
    telemetry::Counter unnamed_exposures;  // of `exposures`: of too many different names, without a row
    telemetry::Counter unnamed_metrics;
};

}  // namespace fanion::cp::events
