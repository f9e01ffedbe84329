#include "control-plane/app/operators.hpp"

#include "common/json/writer.hpp"
#include "control-plane/app/services.hpp"
#include "control-plane/app/version.hpp"

namespace fanion::cp::app {

namespace {

bool is_primed(const Health& health) {
    const auto* serving = health.services.load();
    return serving != nullptr && serving->is_primed();
}

bool is_ready(const Health& health) {
    return health.started && !health.stopping && health.database_up && is_primed(health);
}

void answer(net::Response& response, bool good, std::string body) {
    response.status = good ? 200 : 503;
    response.content_type = "application/json";
    response.body = std::move(body);
}

std::string checks(const Health& health, bool good) {
    std::string body;
    json::Writer(body)
        .begin_object()
        .member("status", good ? "ok" : "unavailable")
        .key("checks")
        .begin_object()
        .member("started", health.started.load())
        .member("stopping", health.stopping.load())
        .member("database", health.database_up.load())
        .member("rulesets_read", is_primed(health))
        .end_object()
        .end_object();
    return body;
}

std::string status(const Health& health) {
    std::string body;
    json::Writer w(body);
    w.begin_object()
        .member("program", "fanion-control-plane")
        .member("version", version_text)
        .member("ready", is_ready(health))
        .member("database_up", health.database_up.load());
    if (const auto* serving = health.services.load()) {
        w.member("iss", serving->instance().iss)
            .member("epoch", serving->instance().epoch)
            .member("environments", std::uint64_t{serving->environments()})
            .member("relay_streams", std::uint64_t{serving->streams()});
    }
    w.end_object();
    return body;
}

}  // namespace

net::Router make_operators_router(const Health& health, const telemetry::Registry& registry) {
    using net::Method;
    using net::Request;
    using net::Response;
    net::Router router;
    router.sync(Method::get, "/livez", [](Request&, Response& r) { answer(r, true, R"({"status":"ok"})"); });
    router.sync(Method::get, "/startupz", [&health](Request&, Response& r) {
        answer(r, health.started, health.started ? R"({"status":"ok"})" : R"({"status":"starting"})");
    });
    router.sync(Method::get, "/readyz",
                [&health](Request&, Response& r) { answer(r, is_ready(health), checks(health, is_ready(health))); });
    router.sync(Method::get, "/healthz",
                [&health](Request&, Response& r) { answer(r, is_ready(health), checks(health, is_ready(health))); });
    router.sync(Method::get, "/status", [&health](Request&, Response& r) { answer(r, true, status(health)); });
    router.sync(Method::get, "/metrics", [&registry](Request&, Response& r) {
        r.content_type = "text/plain; version=0.0.4; charset=utf-8";
        r.body = registry.text();
    });
    return router;
}

}  // namespace fanion::cp::app
