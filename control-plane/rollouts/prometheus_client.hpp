#pragma once

// Asks a Prometheus for one number: over HTTP or HTTPS, only at addresses that the policy of
// webhooks allows, without following redirects. Time and what is read of the answer are bounded.
// One thread (its executor's).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "common/base/error.hpp"
#include "common/net/http_client.hpp"
#include "common/telemetry/trace_place.hpp"
#include "control-plane/webhooks/address_policy.hpp"

namespace fanion::cp::rollouts {

struct PrometheusConfig {
    webhooks::AddressPolicy policy = {};
    net::ProxySettings proxies = {};
    net::ClientTls tls = {};  // whom https trusts; null: https is not spoken
    std::chrono::milliseconds timeout{5'000};
    net::Resolve lookup = net::resolve;
    telemetry::RequestTracing tracing = {};  // each query is a trace of its own
};

struct PrometheusQuery {
    std::string url;    // of the source
    std::string token;  // empty: none
    std::string promql;
};

class PrometheusClient {
public:
    PrometheusClient(boost::asio::any_io_executor executor, PrometheusConfig config)
        : executor_(std::move(executor)), config_(std::move(config)) {}
    PrometheusClient(const PrometheusClient&) = delete;

    // For later queries.
    void set_tls(net::ClientTls tls) { config_.tls = std::move(tls); }

    // Errors: those of parse_answer() and of net::HttpClient; forbidden, the address is refused;
    // unavailable, the answer is not 200.
    boost::asio::awaitable<Result<double>> ask(PrometheusQuery query);

private:
    boost::asio::any_io_executor executor_;
    PrometheusConfig config_;
};

}  // namespace fanion::cp::rollouts
