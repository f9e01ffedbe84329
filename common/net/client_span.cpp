#include "common/net/client_span.hpp"

#include <string>
#include <utility>

namespace fanion::net {
namespace {

std::string_view error_type(Errc code) noexcept {
    switch (code) {
        case Errc::timed_out:
            return "timeout";
        case Errc::network:
            return "network";
        case Errc::forbidden:
            return "address_refused";
        case Errc::too_large:
            return "too_large";
        default:
            return "_OTHER";
    }
}

}  // namespace

telemetry::OpenSpan open_client_span(const Origin& origin, ClientRequest& request) {
    auto& [place, attributes] = request.trace;
    if (!place.context.trace.is_set()) return {};
    telemetry::Admitted admitted{place.context, place.context.span};
    const bool is_recorded = place.tracer != nullptr && admitted.context.sampled;
    // What is not recorded is no span of its own: the receiver's parent is the span above.
    if (is_recorded || admitted.parent == 0) admitted.context.span = telemetry::random_trace_bits();
    request.headers.emplace_back("traceparent", telemetry::format_traceparent(admitted.context));
    if (!is_recorded) return {};
    auto span = place.tracer->open(admitted, std::string(name_of(request.method)), telemetry::SpanKind::client);
    span.set("http.request.method", name_of(request.method));
    span.set("server.address", origin.host);
    span.set("server.port", std::int64_t{origin.port});
    span.set("url.scheme", origin.tls ? "https" : "http");
    for (auto& attribute : attributes) span.set(std::move(attribute));
    return span;
}

void note_outcome(telemetry::OpenSpan& span, unsigned status) {
    span.set("http.response.status_code", std::int64_t{status});
    if (status < 400) return;
    span.set("error.type", std::to_string(status));
    span.fail("");
}

// The detail is left out: it may show what the request asked for.
void note_outcome(telemetry::OpenSpan& span, const Error& error) {
    span.set("error.type", error_type(error.code));
    span.fail("");
}

}  // namespace fanion::net
