#pragma once

// The control plane's error responses, of the admin API and of the relay endpoints alike.

#include <string_view>

#include "common/base/error.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::http {

// An RFC 9457 problem (net::problem) with the headers that its status asks for: WWW-Authenticate
// with 401, and Retry-After, in seconds, with 503. An error without findings that the credential,
// the path, the method or the size of the body is to blame for says so with a pointer.
net::Response problem(const Error& error, net::Request& request);

// The same for what no route has answered. `place`: of a 400, the name in the path that is at
// fault; or empty.
net::Response unrouted_problem(unsigned status, std::string_view detail, net::Request& request,
                               std::string_view place = {});

}  // namespace fanion::cp::http
