#pragma once

// What the streams of live changes count. Each I/O thread has its own; read by any.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::live {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Gauge streams;
    telemetry::Counter events;  // sent, each once per stream
    telemetry::Counter reads;   // of the audit log
};

}  // namespace fanion::cp::live
