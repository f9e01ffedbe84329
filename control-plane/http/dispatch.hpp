#pragma once

// From the router to a handler: credential, organisation, permission, query; and back, where errors
// and exceptions of the database become problem documents.

#include <boost/asio/awaitable.hpp>
#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::http {

// What dispatch needs of identity. Functions without state: what they need is in the call.
struct Gate {
    // Sets call.principal and, below /orgs/{org}, call.org. Errors: unauthenticated, forbidden,
    // not_found.
    boost::asio::awaitable<Result<>> (*authenticate)(Call& call);
    // Called for each request that is refused with 403.
    boost::asio::awaitable<void> (*record_refusal)(Call& call);
};

// Adds the routes, and the response where there is none. All arguments must outlive the router.
void add_routes(net::Router& router, std::span<const Route> routes, const Gate& gate, Services& services);

}  // namespace fanion::cp::http
