#include "control-plane/http/request_span.hpp"

#include <string>

namespace fanion::cp::http {

telemetry::OpenSpan open_request_span(const Services& services, const Route& route, net::Request& request,
                                      bool is_stream) {
    const auto header = request.header("traceparent");
    auto* const tracer = services.tracing.tracer;
    if (!tracer || is_stream) {
        if (const auto caller = telemetry::parse_traceparent(header)) request.trace = *caller;
        return {};
    }
    const auto admitted = tracer->admit(header, services.tracing.sampler);
    request.trace = admitted.context;
    if (!admitted.context.sampled) return {};
    std::string name(net::name_of(request.method));
    name.append(" ").append(route.pattern);
    auto span = tracer->open(admitted, std::move(name), telemetry::SpanKind::server);
    if (admitted.parent != 0) span.set_trace_state(request.header("tracestate"));
    span.set("http.request.method", net::name_of(request.method));
    span.set("http.route", route.pattern);
    span.set("url.scheme", request.is_https() ? "https" : "http");
    span.set("fanion.request.id", request.request_id());
    return span;
}

void note_response(telemetry::OpenSpan& span, const Call& call, unsigned status) {
    if (!span) return;
    span.set("http.response.status_code", std::int64_t{status});
    if (!call.org.key.empty()) span.set("fanion.organisation", call.org.key);
    if (status >= 500) span.fail("");
}

}  // namespace fanion::cp::http
