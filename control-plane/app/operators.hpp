#pragma once

// The operators' port: /livez /readyz /startupz /healthz /metrics /status. Never reachable for applications. Handlers run on
// the I/O thread: one that hangs fails /livez.

#include "common/net/router.hpp"
#include "common/telemetry/metrics.hpp"
#include "control-plane/app/health.hpp"

namespace fanion::cp::app {

// The arguments outlive the router.
net::Router make_operators_router(const Health& health, const telemetry::Registry& registry);

}  // namespace fanion::cp::app
