#pragma once

// What the cache counts. Names and meanings: docs/metrics.md. Thread-safe counters.

#include <array>

#include "common/telemetry/metrics.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion {
class Clock;
}

namespace fanion::relay::cache {

class EnvironmentRegistry;

struct CacheMetrics {
    telemetry::Counter applied;
    std::array<telemetry::Counter, wire::nack_count> rejected;                                      // by wire::Nack
    telemetry::Histogram apply_seconds{{0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5}};  // delivery to swap
    telemetry::Counter coalesced;
    std::array<telemetry::Counter, 2> writes;  // of whole rulesets, of deltas
    telemetry::Counter heads;
    telemetry::Counter revocations;
    telemetry::Counter disk_failures;
    telemetry::Gauge disk_ok;
    telemetry::Gauge quarantined;
    telemetry::Gauge trust_version;
};

// `environments` and `clock` are read at collection.
void register_metrics(telemetry::Registry& registry, const CacheMetrics& metrics,
                      const EnvironmentRegistry& environments, const Clock& clock);

}  // namespace fanion::relay::cache
