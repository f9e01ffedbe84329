#include "relay/app/operators.hpp"

#include "common/json/writer.hpp"
#include "common/wire/envelope.hpp"

namespace fanion::relay::app {
namespace {

using net::Method;
using net::Request;
using net::Response;

void answer(Response& response, const std::string& problem) {
    response.status = problem.empty() ? 200 : 503;
    json::Writer w(response.body);
    w.begin_object().member("status", problem.empty() ? "ok" : "unavailable");
    if (!problem.empty()) w.member("reason", problem);
    w.end_object();
}

std::string not_ready(const OperatorsDeps& s) {
    const auto state = s.registry.serving().load();
    return not_ready_because(state.get(), s.readiness, s.health.stopping, s.clock.now());
}

void handle_debug_ruleset(const OperatorsDeps& s, Request& request, Response& response) {
    const auto state = s.registry.serving().load();
    const auto* environment = state ? state->find_environment(request.param("env")) : nullptr;
    auto bytes = environment ? debug_ruleset(*environment) : std::string();
    if (bytes.empty()) {
        response = net::problem({Errc::not_found, "no such environment is held in full form"}, request.request_id());
        return;
    }
    response.content_type = wire::ruleset_media_type;
    response.body = std::move(bytes);
}

}  // namespace

std::string debug_ruleset(const cache::EnvironmentState& state) {
    if (state.full_head.empty()) return {};
    std::string bytes = state.full_head;
    for (const auto& [key, item] : state.items->items()) {
        if (key.starts_with("access/")) {
            wire::append_redacted_line(bytes, key, item.hash);
        } else {
            wire::append_item_line(bytes, key, *item.body);
        }
    }
    return bytes;
}

net::Router make_operators_router(const OperatorsDeps& s) {
    net::Router router;
    router.sync(Method::get, "/livez", [](Request&, Response& r) { answer(r, ""); });
    router.sync(Method::get, "/readyz", [&s](Request&, Response& r) { answer(r, not_ready(s)); });
    router.sync(Method::get, "/healthz", [&s](Request&, Response& r) { answer(r, not_ready(s)); });
    router.sync(Method::get, "/startupz",
                [&s](Request&, Response& r) { answer(r, s.health.started ? "" : "starting"); });
    router.sync(Method::get, "/metrics", [&s](Request&, Response& r) {
        r.content_type = "text/plain; version=0.0.4; charset=utf-8";
        r.body = s.metrics.text();
    });
    router.sync(Method::get, "/status", [&s](Request&, Response& r) { r.body = status_json(s); });
    router.sync(Method::get, "/debug/ruleset/{env}",
                [&s](Request& request, Response& r) { handle_debug_ruleset(s, request, r); });
    return router;
}

}  // namespace fanion::relay::app
