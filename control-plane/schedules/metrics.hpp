#pragma once

// Metrics of schedules. Registered once; read by any thread.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::schedules {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter done;              // runs of this replica that worked
    telemetry::Counter refused;           // runs that what the change finds refused
    telemetry::Counter unavailable;       // runs that the system could not do
    telemetry::Counter failed;            // schedules that were given up
    telemetry::Counter late;              // runs more than a minute after their time
    telemetry::Counter errors;            // rounds that the database ended
    telemetry::Gauge active;              // of all replicas
    telemetry::Gauge due;                 // of these, those whose time has come
    telemetry::Gauge oldest_due_seconds;  // since when the oldest of them is due
};

}  // namespace fanion::cp::schedules
