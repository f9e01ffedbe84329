#pragma once

// Metrics of one sink (docs/metrics.md). Thread-safe.

#include <string>

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::sinks {

struct Metrics {
    Metrics(telemetry::Registry& registry, const std::string& sink);
    Metrics(const Metrics&) = delete;

    telemetry::Counter delivered;   // batches
    telemetry::Counter given_up;    // they waited too long, or too many waited
    telemetry::Counter unreadable;  // what is stored of them is damaged
    telemetry::Counter lines;
    telemetry::Counter refused_lines;
    telemetry::Counter failures;
    telemetry::Gauge is_holder;
    telemetry::Gauge waiting;
    telemetry::Gauge waiting_bytes;
    telemetry::Gauge oldest_seconds;
};

}  // namespace fanion::cp::sinks
