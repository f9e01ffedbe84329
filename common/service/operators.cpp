#include "common/service/operators.hpp"

#include "common/service/descriptors.hpp"
#include "common/service/version.hpp"

namespace fanion::service {

using net::Method;
using net::Request;
using net::Response;

namespace {

void answer(Response& response, const std::string& reason) {
    response.status = reason.empty() ? 200 : 503;
    response.content_type = "application/json";
    response.body = health_json(reason);
}

std::string status_json(const OperatorsPage& page, const std::string& reason) {
    std::string body;
    json::Writer w(body);
    w.begin_object().member("program", page.program).member("version", version_text);
    w.member("ready", reason.empty()).member("not_ready_because", reason);
    page.write_status(w);
    w.end_object();
    return body;
}

}  // namespace

net::Router make_operators_router(const OperatorsPage& page) {
    const auto& health = page.health;
    const auto reason = [&health, own = page.not_ready_reason] { return not_ready_reason(health, own()); };
    const auto handle_ready = [reason](Request&, Response& r) { answer(r, reason()); };
    net::Router router;
    router.sync(Method::get, "/livez", [](Request&, Response& r) { answer(r, ""); });
    router.sync(Method::get, "/readyz", handle_ready);
    router.sync(Method::get, "/healthz", handle_ready);
    router.sync(Method::get, "/startupz",
                [&health](Request&, Response& r) { answer(r, health.started ? "" : "starting"); });
    router.sync(Method::get, "/metrics", [&metrics = page.metrics](Request&, Response& r) {
        r.content_type = "text/plain; version=0.0.4; charset=utf-8";
        r.body = metrics.text();
    });
    router.sync(Method::get, "/status", [page, reason](Request&, Response& r) {
        r.content_type = "application/json";
        r.body = status_json(page, reason());
    });
    if (page.add_routes) page.add_routes(router);
    return router;
}

Result<std::unique_ptr<net::Server>> listen_operators(net::Workers& workers, OperatorsPort port,
                                                      const OperatorsPage& page, const Log& log) {
    net::ServerConfig server;
    server.name = "operators";
    set_endpoint(server, port.endpoint, port.options);
    server.tls = std::move(port.tls);
    server.limits.connections = operators_connections;
    const auto make_router = [&](unsigned) { return make_operators_router(page); };
    auto listening = net::Server::listen(workers, std::move(server), make_router, {}, log);
    if (!listening) return listening.error();
    (*listening)->register_metrics(page.metrics);
    page.metrics.gauge_from("fanion_build_info", "Always 1; the label `version` is the build.",
                            {{"version", version_text}}, [] { return 1.0; });
    page.metrics.gauge_from("fanion_ready", "1 while /readyz answers 200.", {},
                            [&health = page.health, own = page.not_ready_reason] {
                                return not_ready_reason(health, own()).empty() ? 1.0 : 0.0;
                            });
    return listening;
}

}  // namespace fanion::service
