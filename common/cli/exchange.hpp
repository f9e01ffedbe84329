#pragma once

// One HTTP exchange, waited for: a command line has nothing else to do.

#include <string>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/net/http_client.hpp"

namespace fanion::cli {

// Any status is a result. Errors: invalid_input (not a URL), network, timed_out.
Result<net::ClientResponse> exchange(const std::string& origin, net::ClientRequest request);

// The JSON of a 2xx answer. Error: internal when it is none.
Result<> read_answer(json::Document& document, const net::ClientResponse& response);

// The error that a refusing answer (RFC 9457 problem or OFREP failure) stands for.
Error error_of(const net::ClientResponse& response);

}  // namespace fanion::cli
