#include "relay/serve/cors.hpp"

#include <algorithm>

namespace fanion::relay::serve {
namespace {

bool has_origin(const model::AccessEntry& key, std::string_view origin) {
    if (key.kind != model::AccessEntry::Kind::client) return false;
    return std::any_of(key.origins.begin(), key.origins.end(),
                       [origin](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

}  // namespace

bool is_known_origin(const cache::ServingState* state, std::string_view origin) {
    if (!state) return false;
    for (const auto& environment : state->environments) {
        for (const auto& key : environment->ruleset->access()) {
            if (has_origin(key, origin)) return true;
        }
    }
    return false;
}

void add_cors(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller) {
    const std::string_view origin = request.header("Origin");
    if (origin.empty()) return;
    response.set("Vary", "Origin");
    // Without a known key any known origin is permitted: otherwise a page could not tell a refusal from a network failure.
    if (caller.key ? !has_origin(*caller.key, origin) : !is_known_origin(services.serving.get(), origin)) return;
    response.set("Access-Control-Allow-Origin", std::string(origin));
    response.set("Access-Control-Expose-Headers", "ETag, Retry-After");
}

std::string cors_lines(std::string_view origin, const Caller& caller) {
    if (origin.empty()) return "";
    std::string lines = "Vary: Origin\r\n";
    if (has_origin(*caller.key, origin)) lines.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
    return lines;
}

void add_preflight(WorkerDeps& services, const net::Request& request, net::Response& response) {
    response.set("Vary", "Origin");
    const std::string_view origin = request.header("Origin");
    if (origin.empty() || !is_known_origin(services.serving.get(), origin)) return;
    response.set("Access-Control-Allow-Origin", std::string(origin));
    response.set("Access-Control-Allow-Methods", "POST, OPTIONS");
    response.set("Access-Control-Allow-Headers", "Content-Type, Authorization, X-API-Key, If-None-Match");
    response.set("Access-Control-Max-Age", "600");
}

}  // namespace fanion::relay::serve
