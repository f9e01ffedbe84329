#pragma once

// The span of a request to the admin API, with the attributes of OpenTelemetry's conventions for
// HTTP servers. One thread.

#include <string_view>

#include "common/net/request.hpp"
#include "common/telemetry/tracer.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::http {

// Sets request.trace. Without tracing that is the caller's context, for the log, and there is no
// span. A stream has none either: it lasts as long as its reader wants.
telemetry::OpenSpan open_request_span(const Services& services, const Route& route, net::Request& request,
                                      bool is_stream);
void note_response(telemetry::OpenSpan& span, const Call& call, unsigned status);

}  // namespace fanion::cp::http
