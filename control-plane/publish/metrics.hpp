#pragma once

// Metrics of publishing and of the change feed. Each I/O thread has its own; read by any thread.

#include "common/base/clock.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::cp::publish {

struct Metrics {
    // `key_expires_at`: of the key that signs.
    explicit Metrics(telemetry::Registry& registry, UnixMillis key_expires_at = 0);
    Metrics(const Metrics&) = delete;

    void set_key_expiry(UnixMillis at) noexcept { signing_key_expires.set(static_cast<double>(at) / 1e3); }

    telemetry::Counter published;
    telemetry::Counter unchanged;
    telemetry::Counter refused;      // did not compile, too large
    telemetry::Counter image_loads;  // content read from the database because it was not in memory
    telemetry::Histogram build_seconds{{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5}};
    telemetry::Counter feed_versions;       // committed versions delivered
    telemetry::Counter feed_errors;         // reads that failed
    telemetry::Counter feed_found_by_poll;  // versions whose notification was lost
    telemetry::Gauge environments;          // in the catalog
    telemetry::Gauge feed_listening;        // 1 while the listening connection is open
    telemetry::Counter deltas_signed;       // on demand, for older bases
    telemetry::Counter signing_failed;      // the signer was away
    telemetry::Gauge signer_up;             // whether it answered last; 1 for a key of this process
    telemetry::Gauge signing_key_expires;   // in seconds since 1970
};

}  // namespace fanion::cp::publish
