#pragma once

// One blocking HTTP exchange.

#include <chrono>
#include <functional>
#include <string>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/net/http_client.hpp"

namespace fanion::cli {

// Sends a request and waits for the response, whatever its status. It carries on the trace that the
// variables TRACEPARENT and TRACESTATE name. Errors: invalid_input (not a
// URL), network, timed_out; the detail names the origin.
Result<net::ClientResponse> exchange(const std::string& origin, net::ClientRequest request);

// Takes the next bytes of a body; false: no more are wanted.
using TakeBytes = std::function<bool(std::string_view)>;
// The same for a body that is longer than memory, or never ends: `take` gets the body of a 2xx
// response, which then is empty. Further error: timed_out when nothing came for `idle`.
Result<net::ClientResponse> exchange_stream(const std::string& origin, net::ClientRequest request,
                                            const TakeBytes& take,
                                            std::chrono::milliseconds idle = std::chrono::minutes(1));

// Parses the JSON body of a 2xx response. Error: internal if it is not valid JSON.
Result<> read_answer(json::Document& document, const net::ClientResponse& response);

// Converts a response that is not 2xx (an RFC 9457 problem or an OFREP failure) to an Error.
Error error_of(const net::ClientResponse& response);

}  // namespace fanion::cli
