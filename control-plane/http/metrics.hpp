#pragma once

// What the admin API counts. Each I/O thread has its own; read by any.

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
