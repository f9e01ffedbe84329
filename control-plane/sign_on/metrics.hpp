#pragma once

// What single sign-on exports. Thread-safe.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::sign_on {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter begun;      // sent to a provider
    telemetry::Counter succeeded;  // sessions started
    telemetry::Counter refused;    // by the provider, or by us: what it said does not hold, or the person may not enter
    telemetry::Counter failed;     // the provider could not be reached, or did not make sense
    telemetry::Counter fetched;    // metadata and key sets
    telemetry::Counter fetch_failed;
};

}  // namespace fanion::cp::sign_on
