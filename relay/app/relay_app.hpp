#pragma once

// The relay: everything made, connected, started and ended (relay-api.md, Life cycle).
//
// Threads: main waits; the control thread follows upstream, keeps the cache and answers operators; N worker threads serve
// applications; the blocking pool compiles, writes and compresses.

#include <functional>
#include "common/config/reload.hpp"
#include "common/net/signals.hpp"
#include "relay/app/cache_lock.hpp"
#include "relay/app/operators.hpp"

namespace fanion::relay::app {

class RelayApp {
public:
    using LoadConfig = std::function<ParsedConfig()>;

    // Reads the cache and opens both ports. `reread` gives the configuration anew, at SIGHUP. Error: a port or the cache
    // directory is taken.
    static Result<std::unique_ptr<RelayApp>> make(ParsedConfig parsed, LoadConfig reread, const Log& log);
    ~RelayApp();

    // Until SIGTERM or SIGINT, and its end. The exit status.
    int run();

private:
    RelayApp(ParsedConfig parsed, LoadConfig reread, RelayIdentity identity, CacheLock lock, cache::TrustChain trust,
             const Log& log);
    Result<> open();
    Result<> open_events();
    Result<> open_operators();
    void connect();
    void register_all_metrics();

    boost::asio::awaitable<void> run_life();
    boost::asio::awaitable<void> run_reload();
    boost::asio::awaitable<void> drain_public_port();
    void reload();
    Result<> apply_fallible(const Config& config);
    void apply_rest(Config config);

    Config config_;
    LoadConfig load_config_;
    config::Reload reload_;
    RelayIdentity identity_;
    CacheLock lock_;
    const Log& log_;
    SystemClock clock_;
    Health health_;
    ReadinessRules readiness_;
    net::Workers control_{1};  // one thread; outlives all that has timers on it
    net::SignalWatch hangups_;
    net::BlockingPool pool_;
    net::TaskGroup tasks_;
    cache::CacheMetrics cache_metrics_;
    upstream::UpstreamMetrics upstream_metrics_;
    unsigned threads_;
    cache::EnvironmentRegistry registry_;
    cache::EnvironmentCache cache_;
    std::unique_ptr<accounting::RelayEvents> events_;
    std::unique_ptr<PublicServer> public_server_;
    std::unique_ptr<UpstreamFollower> follower_;
    telemetry::Registry metrics_;
    std::unique_ptr<OperatorsDeps> operators_deps_;
    std::unique_ptr<net::Server> operators_;
};

}  // namespace fanion::relay::app
