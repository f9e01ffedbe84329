#pragma once

// From the router to a handler: credential, organisation, permission, query; and what is thrown on the way back.

#include <boost/asio/awaitable.hpp>
#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::http {

// What dispatch asks of those who know people. Functions without state: what they need is in the call.
struct Gate {
    // Fills in who asks and, below /orgs/{org}, for which organisation. Errors: unauthenticated, forbidden, not_found.
    boost::asio::awaitable<Result<>> (*authenticate)(Call& call);
    // Called for each request that is answered with 403.
    boost::asio::awaitable<void> (*record_refusal)(Call& call);
};

// What is passed outlives the router.
void add_routes(net::Router& router, std::span<const Route> routes, const Gate& gate, Services& services);

}  // namespace fanion::cp::http
