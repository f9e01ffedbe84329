#pragma once

// What the admin API counts. Registered once; read by any thread.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::http {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    // Audit entries that were suppressed because their subject had one in the same minute.
    telemetry::Counter refusals_suppressed;  // request.refused
    telemetry::Counter denials_suppressed;   // session.denied
};

}  // namespace fanion::cp::http
