#pragma once

// The span of a request that goes out, with the attributes of OpenTelemetry's conventions for HTTP
// clients. There is no `url.full`, because paths of webhooks are credentials, and queries have data
// of others. One thread.

#include "common/base/error.hpp"
#include "common/net/http_client.hpp"
#include "common/net/origin.hpp"
#include "common/telemetry/tracer.hpp"

namespace fanion::net {

// Adds the header `traceparent` as `request.trace` says. A span is opened only if it is recorded.
telemetry::OpenSpan open_client_span(const Origin& origin, ClientRequest& request);
// Its end. A status of 400 or above is a failure of the request, though not of HttpClient.
void note_outcome(telemetry::OpenSpan& span, unsigned status);
void note_outcome(telemetry::OpenSpan& span, const Error& error);

}  // namespace fanion::net
