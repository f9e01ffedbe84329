#include "common/net/server_impl.hpp"

namespace fanion::net {
namespace {

// The sum over all workers of one of their counters. Holds no worker: a registry may outlive the threads.
template <class Pick>
std::function<double()> sum(std::shared_ptr<const ServerShared> shared, Pick pick) {
    return [shared = std::move(shared), pick] {
        double total = 0;
        for (const auto& counters : shared->counters) total += static_cast<double>(pick(*counters).value());
        return total;
    };
}

void register_tls_metrics(telemetry::Registry& registry, const std::shared_ptr<const ServerShared>& shared) {
    const auto& name = shared->config.name;
    registry.counter_from("fanion_http_tls_handshakes_total", "TLS handshakes that were completed.", {{"server", name}},
                          sum(
                              shared, [](const ServerCounters& c) -> auto& { return c.handshakes; }));
    for (std::size_t i = 0; i < handshake_faults; ++i) {
        registry.counter_from("fanion_http_tls_handshakes_failed_total", "TLS handshakes that failed, by the reason.",
                              {{"server", name}, {"reason", name_of(static_cast<HandshakeFault>(i))}},
                              sum(
                                  shared, [i](const ServerCounters& c) -> auto& { return c.handshakes_failed[i]; }));
    }
    registry.gauge_from("fanion_http_tls_certificate_expires_seconds",
                        "When the certificate expires, in seconds since 1970; +Inf without TLS.", {{"server", name}},
                        [shared] { return shared->certificate_expires_at.load(); });
}

}  // namespace

void Server::register_metrics(telemetry::Registry& registry) const {
    const auto& shared = impl_->shared;
    const auto& name = shared->config.name;
    for (std::size_t i = 0; i < 5; ++i) {
        registry.counter_from("fanion_http_requests_total", "Requests answered, by class of status.",
                              {{"server", name}, {"status", std::to_string(i + 1) + "xx"}},
                              sum(
                                  shared, [i](const ServerCounters& c) -> auto& { return c.requests[i]; }));
    }
    for (std::size_t worker = 0; worker < shared->counters.size(); ++worker) {
        registry.counter_from("fanion_http_thread_requests_total", "Requests answered, by the thread that did.",
                              {{"server", name}, {"thread", std::to_string(worker)}}, [shared, worker] {
                                  double total = 0;
                                  for (const auto& requests : shared->counters[worker]->requests)
                                      total += static_cast<double>(requests.value());
                                  return total;
                              });
    }
    registry.counter_from("fanion_http_connections_accepted_total", "Connections taken.", {{"server", name}},
                          sum(
                              shared, [](const ServerCounters& c) -> auto& { return c.accepted; }));
    registry.counter_from("fanion_http_connections_rejected_total", "Connections closed at once: too many.",
                          {{"server", name}},
                          sum(
                              shared, [](const ServerCounters& c) -> auto& { return c.rejected; }));
    registry.counter_from("fanion_http_connections_evicted_total",
                          "Waiting connections closed to make room for others.", {{"server", name}},
                          sum(
                              shared, [](const ServerCounters& c) -> auto& { return c.evicted; }));
    for (std::size_t i = 0; i < bound_count; ++i) {
        registry.counter_from("fanion_http_bounds_met_total",
                              "Connections and requests that met a bound, and were refused or ended for it.",
                              {{"server", name}, {"bound", std::string(bound_names[i])}},
                              sum(
                                  shared, [i](const ServerCounters& c) -> auto& { return c.bounds_met[i]; }));
    }
    registry.counter_from("fanion_http_handler_exceptions_total", "Handlers that threw.", {{"server", name}},
                          sum(
                              shared, [](const ServerCounters& c) -> auto& { return c.handler_exceptions; }));
    registry.gauge_from("fanion_http_connections", "Connections open now.", {{"server", name}},
                        [shared] { return static_cast<double>(shared->connections.load()); });
    registry.gauge_from("fanion_http_connections_limit", "Connections that may be open.", {{"server", name}},
                        [shared] { return static_cast<double>(shared->config.limits.connections); });
    register_tls_metrics(registry, shared);
}

}  // namespace fanion::net
