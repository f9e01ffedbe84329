#pragma once

// Browsers (relay-api.md): client keys name the origins that may use them. An answer to any other origin carries no CORS
// header, so the browser refuses it to the page; that is all CORS can do, and no protection of the relay.

#include <string>
#include <string_view>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

// Some client key of some environment lists the origin. For what comes without a key: preflights, refusals.
bool is_known_origin(const cache::ServingState* state, std::string_view origin);

// Adds the headers of an answer where the request names an allowed origin. A server key in a browser gets none.
void add_cors(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller);

// The same as complete header lines, for a stream.
std::string cors_lines(std::string_view origin, const Caller& caller);

// OPTIONS: 204, with the permission where the origin is known.
void handle_preflight(WorkerDeps& services, const net::Request& request, net::Response& response);

}  // namespace fanion::relay::serve
