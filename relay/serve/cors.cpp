#include "relay/serve/cors.hpp"

#include <algorithm>

namespace fanion::relay::serve {
namespace {

// Those from traceparent to X-Request-Id are what tracing adds to every request of a page.
constexpr std::string_view evaluation_headers =
    "Content-Type, Authorization, X-API-Key, If-None-Match, traceparent, tracestate, baggage, sentry-trace, "
    "X-Request-Id, X-Fanion-SDK, Fanion-Sdk, Content-Encoding";
// EventSource sends none of these; scripts that read the stream with fetch(), or rulesets, do.
constexpr std::string_view stream_headers =
    "Cache-Control, Last-Event-ID, Authorization, X-API-Key, If-None-Match, Fanion-Have, traceparent, tracestate, "
    "baggage, sentry-trace, X-Request-Id, Fanion-Sdk";

bool has_origin(const model::AccessEntry& key, std::string_view origin) {
    if (key.kind != model::AccessEntry::Kind::client) return false;
    return std::any_of(key.origins.begin(), key.origins.end(),
                       [origin](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

// Whether any client key of any environment lists the origin. For requests without a known key.
bool is_known_origin(const cache::ServingState* state, std::string_view origin) {
    if (!state) return false;
    for (const auto& environment : state->environments) {
        for (const auto& key : environment->ruleset->access()) {
            if (has_origin(key, origin)) return true;
        }
    }
    return false;
}

// The keys of what has not arrived yet are not known, and neither are their origins: every page may learn that it has to wait.
bool may_be_origin(const cache::ServingState* state, std::string_view origin) {
    return !state || !state->is_synchronised() || is_known_origin(state, origin);
}

}  // namespace

void add_cors(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller) {
    const std::string_view origin = request.header("Origin");
    if (origin.empty()) return;
    response.set("Vary", "Origin");
    // Without a known key any known origin is permitted: otherwise a page could not tell a refusal from a network failure.
    if (caller.key ? !has_origin(*caller.key, origin) : !may_be_origin(services.serving.get(), origin)) return;
    response.set("Access-Control-Allow-Origin", std::string(origin));
    response.set("Access-Control-Expose-Headers", "ETag, Retry-After");
}

bool may_read(const net::Request& request, const Caller& caller) {
    const std::string_view origin = request.header("Origin");
    return origin.empty() || has_origin(*caller.key, origin);
}

std::string cors_lines(std::string_view origin, const Caller& caller) {
    if (origin.empty()) return "";
    std::string lines = "Vary: Origin\r\n";
    if (has_origin(*caller.key, origin)) lines.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
    return lines;
}

void add_preflight(WorkerDeps& services, const net::Request& request, net::Response& response, bool is_stream) {
    response.set("Vary", "Origin");
    const std::string_view origin = request.header("Origin");
    const auto* state = services.serving.get();
    if (origin.empty() || !may_be_origin(state, origin)) return;
    response.set("Access-Control-Allow-Origin", std::string(origin));
    response.set("Access-Control-Allow-Methods", is_stream ? "GET, OPTIONS" : "POST, OPTIONS");
    response.set("Access-Control-Allow-Headers", std::string(is_stream ? stream_headers : evaluation_headers));
    if (is_known_origin(state, origin))
        response.set("Access-Control-Max-Age", "600");  // else it may be over any moment
}

}  // namespace fanion::relay::serve
