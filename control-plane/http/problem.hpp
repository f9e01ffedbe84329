#pragma once

// The control plane's error responses, of the admin API and of the relay endpoints alike.

#include "common/base/error.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::http {

// An RFC 9457 problem (net::problem) with the headers that its status asks for: WWW-Authenticate
// with 401, and Retry-After, in seconds, with 503.
net::Response problem(const Error& error, net::Request& request);

}  // namespace fanion::cp::http
