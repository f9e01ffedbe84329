#pragma once

// The public port: worker threads, what their handlers work with, the server. Owned and called by the control thread;
// everything that reaches a worker goes as a posted message.

#include <memory>
#include <vector>

#include "common/net/server.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/config.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::app {

class PublicServer {
public:
    // `events` and `registry` must outlive this.
    PublicServer(const Config& config, unsigned threads, cache::EnvironmentRegistry& registry,
                 accounting::RelayEvents& events, const Clock& clock);

    Result<> listen(const Log& log);
    void start() { workers_.start(); }
    void register_metrics(telemetry::Registry& registry) const;

    // An environment changed: wakes who waits for it.
    void notify(std::string_view env_id);

    // New rates and bounds, for what comes from now on.
    void reconfigure(const serve::ServeConfig& config);

    // The end, in this order: no new connections; streams end over `spread`; then, when they had their time, the rest is
    // cut and the threads are joined.
    void begin_shutdown(std::chrono::milliseconds spread);
    void shut_down();

    std::uint16_t port() const noexcept { return server_->port(); }
    std::size_t connections() const noexcept { return server_ ? server_->connections() : 0; }
    std::uint64_t streams() const noexcept;

private:
    std::string address_;
    std::uint16_t port_;
    net::ServerLimits limits_;
    std::vector<std::unique_ptr<serve::WorkerDeps>> services_;  // outlive the workers, whose coroutines use them
    net::Workers workers_;
    std::unique_ptr<net::Server> server_;
};

}  // namespace fanion::relay::app
