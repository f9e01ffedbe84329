#pragma once

// What the cache counts. Names and meanings: docs/metrics.md. Thread-safe counters.

#include <array>

#include "common/telemetry/metrics.hpp"
#include "common/wire/acceptance.hpp"

namespace fanion {
class Clock;
}

namespace fanion::relay {

class EnvironmentRegistry;

struct CacheMetrics {
    telemetry::Counter applied;
    std::array<telemetry::Counter, wire::nack_count> rejected;  // by wire::Nack
    telemetry::Counter apply_micros;                            // sum, from delivery to swap
    telemetry::Counter coalesced;
    telemetry::Counter heads;
    telemetry::Counter revocations;
    telemetry::Counter disk_failures;
    telemetry::Gauge disk_ok;
    telemetry::Gauge quarantined;
    telemetry::Gauge trust_version;
};

// `environments` and `clock` are read at collection.
void register_metrics(telemetry::Registry& registry, const CacheMetrics& metrics, const EnvironmentRegistry& environments,
                      const Clock& clock);

}  // namespace fanion::relay
