#pragma once

// The public port: its worker threads, the dependencies of their handlers, and the server. Owned
// and called by the control thread; whatever reaches a worker is posted to it.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/blocking_pool.hpp"
#include "common/net/server.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/config.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::app {

class PublicServer {
public:
    // The references must outlive this.
    struct Deps {
        cache::EnvironmentRegistry& registry;
        accounting::RelayEvents& events;
        net::BlockingPool& pool;  // encodes large rulesets
        chain::ChildReports& reports;
        chain::PassedBatches& batches;
        const Clock& clock;
        net::ServerTlsPtr tls;  // null: plain
        telemetry::Tracer* tracer = nullptr;
    };
    PublicServer(const Config& config, unsigned threads, Deps deps);

    // Opens the port. Error: invalid_input or unavailable, an address that cannot be bound.
    Result<> listen(const Log& log);
    // Starts the worker threads.
    void start() { workers_.start(); }
    void register_metrics(telemetry::Registry& registry) const;

    // Passes what each worker noted of contexts' attributes to `sink`, on `control`. `sink` must be
    // callable until the workers and `control` have ended.
    void take_attributes(const boost::asio::any_io_executor& control,
                         std::function<void(const attributes::Noted&)> sink);

    // Tells the workers that an environment changed, which wakes its event streams.
    void notify(std::string_view env_id);
    // The same of a new head.
    void notify_head(std::string_view env_id);

    // As net::Server::set_tls.
    void set_tls(const net::ServerTlsPtr& tls) { server_->set_tls(tls); }

    // Applies new rates and limits to requests and streams that begin from now on.
    void reconfigure(const serve::ServeConfig& config);

    // The end, in this order. begin_shutdown(): no new connections, and event streams end spread
    // over `spread`. join(): waits until no connection is open; false at the limit. shut_down():
    // cuts the rest and joins the threads; may be called without the two before.
    void begin_shutdown(std::chrono::milliseconds spread);
    boost::asio::awaitable<bool> join(std::chrono::milliseconds limit) { return server_->join(limit); }
    void shut_down();

    // Of each worker, for another port that they serve. Belongs to the worker's thread.
    serve::WorkerDeps& deps(unsigned worker) noexcept { return *deps_[worker]; }
    boost::asio::any_io_executor executor(unsigned worker) { return workers_.context(worker).get_executor(); }

    std::uint16_t port() const noexcept { return server_->port(); }
    std::size_t connections() const noexcept { return server_ ? server_->connections() : 0; }
    std::uint64_t streams() const noexcept;

private:
    net::ServerConfig settings_;
    rulesets::SdkStreams sdks_;
    std::vector<std::unique_ptr<serve::WorkerDeps>> deps_;  // outlive the workers, whose coroutines use them
    net::Workers workers_;
    rulesets::Documents documents_;  // does not outlive the workers, whose timers those have who wait for a document
    std::unique_ptr<net::Server> server_;
};

}  // namespace fanion::relay::app
