#pragma once

// The public port's routes (relay-api.md). `services` outlives the router.

#include "common/net/router.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

void add_routes(net::Router& router, WorkerDeps& services);

}  // namespace fanion::relay::serve
