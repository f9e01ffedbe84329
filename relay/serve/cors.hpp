#pragma once

// CORS headers for browsers (relay-api.md, Browsers). Client keys list the origins that may use
// them. An answer to any other origin carries no permission, so the browser withholds it from the
// page. That is all CORS does: it does not protect the relay. Functions of one worker thread.

#include <string>
#include <string_view>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "relay/serve/admission.hpp"

namespace fanion::relay::serve {

// Permission to read the answer, if the request has an Origin that the caller's key lists; if the
// caller has no key, that any client key lists, or any origin until everything that is granted has
// arrived. Never for server keys.
void add_cors(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller);

// Whether add_cors() would permit it to the page that makes the request; true where there is none.
bool may_read(const net::Request& request, const Caller& caller);

// The same for the head of a stream, as complete header lines. `caller` has a key.
std::string cors_lines(std::string_view origin, const Caller& caller);

// Permission to send a request (answer to OPTIONS), for the same origins as add_cors() without a
// key. `is_stream`: to open an event stream, instead of an evaluation.
void add_preflight(WorkerDeps& services, const net::Request& request, net::Response& response, bool is_stream);

}  // namespace fanion::relay::serve
