#pragma once

// Metrics of webhooks. Registered once; read by any thread.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::webhooks {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter events;            // turned into deliveries, however many
    telemetry::Counter unreadable;        // of these, those whose audit entry is none: nobody is told of them
    telemetry::Counter queued;            // deliveries made of events
    telemetry::Counter delivered;         // attempts answered with 2xx
    telemetry::Counter failed;            // attempts that ended otherwise
    telemetry::Counter refused;           // of these, because of the address
    telemetry::Counter dead;              // deliveries given up
    telemetry::Counter disabled;          // webhooks disabled
    telemetry::Counter leases_lost;       // attempts that outlasted their lease
    telemetry::Counter errors;            // rounds that the database ended
    telemetry::Gauge in_flight;           // attempts of this replica
    telemetry::Gauge waiting;             // deliveries of all replicas
    telemetry::Gauge oldest_due_seconds;  // since when the oldest of them is due
    telemetry::Histogram attempt_seconds{{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
};

}  // namespace fanion::cp::webhooks
