#pragma once

// Metrics of held versions. One thread writes; read by any.

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "common/telemetry/metrics.hpp"
#include "control-plane/staging/decide.hpp"

namespace fanion::cp::staging {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    std::map<Reason, telemetry::Gauge> held;                        // of all replicas, by what they wait for; fixed
    std::map<std::pair<Action, Reason>, telemetry::Counter> ended;  // by this replica; fixed
    telemetry::Counter errors;

    // Seconds since changes have been held, by environment.
    void set_ages(std::map<std::string, double> ages);

private:
    telemetry::Registry::Samples ages() const;

    mutable std::mutex mutex_;
    std::map<std::string, double> ages_;
};

}  // namespace fanion::cp::staging
