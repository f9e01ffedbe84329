#pragma once

// What the pages count. One for the process; read by any thread.

#include "common/telemetry/metrics.hpp"

namespace fanion::cp::web {

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter pages;    // the dashboard's page
    telemetry::Counter files;    // what it loads
    telemetry::Counter missing;  // files that are not there: of an older dashboard, mostly
    telemetry::Counter starts;   // the front door
    telemetry::Counter docs;     // the API's page
};

}  // namespace fanion::cp::web
