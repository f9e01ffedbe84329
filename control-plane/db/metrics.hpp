#pragma once

// The pool's metrics. A statement's series appear, labelled with its name, when it is first run;
// names are constants, so their number is bounded. Updated on the pool's thread, read by any.

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
    // Registers all of them; must outlive the registry's last collection.
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    StatementMetrics& of(std::string_view statement);

    telemetry::Gauge connections;         // open
    telemetry::Gauge in_use;              // in a transaction, or being rolled back
    telemetry::Gauge waiting;             // callers waiting for a connection
    telemetry::Counter waits;             // begin() calls that had to wait
    telemetry::Counter acquire_timeouts;  // begin() calls that got no connection in time
    telemetry::Counter connects;
    telemetry::Counter connect_errors;
    telemetry::Counter connections_lost;
    telemetry::Counter rollbacks;  // transactions destroyed without a commit

private:
    telemetry::Registry& registry_;
    std::map<std::string, std::unique_ptr<StatementMetrics>, std::less<>> statements_;
};

}  // namespace fanion::cp::db
