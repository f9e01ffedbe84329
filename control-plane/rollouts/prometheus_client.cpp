#include "control-plane/rollouts/prometheus_client.hpp"

#include "common/telemetry/tracer.hpp"
#include "control-plane/rollouts/prometheus.hpp"
#include "control-plane/webhooks/checked_resolve.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::rollouts {

using boost::asio::awaitable;

awaitable<Result<double>> PrometheusClient::ask(PrometheusQuery query) {
    const auto target = webhooks::parse_target(query.url);
    if (!target) co_return target.error();
    if (target->is_encrypted && !config_.tls) co_return Error{Errc::unavailable, "https is not available", {}};
    net::ClientConfig settings;
    settings.origin = target->origin;
    settings.tls = config_.tls;
    settings.connect_timeout = settings.request_timeout = config_.timeout;
    settings.body_limit = answer_bytes;
    webhooks::reach_by(settings, config_.policy, config_.lookup, config_.proxies);
    auto client = net::HttpClient::make(executor_, std::move(settings));
    if (!client) co_return client.error();
    net::ClientRequest request;
    request.target = query_target(target->target, query.promql);
    request.headers = {{"Accept", "application/json"}, {"Connection", "close"}};
    if (!query.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + query.token);
    request.trace = {telemetry::new_trace(config_.tracing), {{"fanion.purpose", "rollout_guard"}}};
    const auto response = co_await client->send(std::move(request));
    if (!response) co_return response.error();
    if (response->status != 200) {
        co_return Error{Errc::unavailable, "Prometheus answers with status " + std::to_string(response->status), {}};
    }
    co_return parse_answer(response->body);
}

}  // namespace fanion::cp::rollouts
