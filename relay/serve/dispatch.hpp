#pragma once

// Carries out a row of the route table: admits the caller, calls the handler, writes refusals,
// counts the request and adds CORS headers. Every answer of a route leaves through here, so no
// handler can forget one of these.
//
// Each request is counted once, when its answer is ready; a stream, when it is admitted or refused.
// Requests whose handler throws are not counted: the connection answers 500.

#include "common/net/router.hpp"
#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// Both `services` and `route` must outlive the router. Handlers run on the worker's thread.
void add_route(net::Router& router, WorkerDeps& services, const Route& route);

}  // namespace fanion::relay::serve
