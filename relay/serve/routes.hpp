#pragma once

// The routes of the public port (relay-api.md), and the only list of them.

#include <span>

#include "common/net/router.hpp"
#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// In no particular order. Lives as long as the program.
std::span<const Route> routes() noexcept;

// Adds all of them, and the writer of refusals (unrouted.hpp). `services` must outlive the router.
void add_routes(net::Router& router, WorkerDeps& services);

}  // namespace fanion::relay::serve
