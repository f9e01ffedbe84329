#pragma once

// What the pool counts. Statements appear under their names when they are first run (bounded: names are constants in
// the program). Counted on the pool's thread, read by any.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::db {

struct StatementMetrics {
    telemetry::Counter runs;
    telemetry::Counter errors;
    std::atomic<std::uint64_t> nanoseconds{0};
};

struct Metrics {
    // Registers everything; must outlive the registry's last collection.
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    StatementMetrics& of(std::string_view statement);

    telemetry::Gauge connections;         // open
    telemetry::Gauge in_use;              // handed out, or being rolled back
    telemetry::Gauge waiting;             // callers in the queue
    telemetry::Counter waits;             // begin() that had to queue
    telemetry::Counter acquire_timeouts;  // begin() that got nothing in time
    telemetry::Counter connects;
    telemetry::Counter connect_errors;
    telemetry::Counter connections_lost;
    telemetry::Counter rollbacks;  // transactions dropped without commit

private:
    telemetry::Registry& registry_;
    std::map<std::string, std::unique_ptr<StatementMetrics>, std::less<>> statements_;
};

}  // namespace fanion::cp::db
