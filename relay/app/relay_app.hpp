#pragma once

// The relay: everything is made, connected, started and ended here (docs/relay.md, Start).
//
// Start: cache directory, cached rulesets, events, both ports; then the tasks that follow upstream.
// It does not wait for the control plane. End: not ready, still serving for --drain-delay; no new
// connections, event streams end, requests under way get --stop-timeout; last delivery of events;
// tasks; operators' port.
//
// Threads: main starts and waits; the control thread follows upstream, keeps the cache and answers
// operators; N worker threads serve applications; the blocking pool compiles, writes, compresses
// and reads configuration. make() and run() are called by the main thread; the rest belongs to the
// control thread.

#include <functional>
#include <memory>

#include "common/base/file.hpp"
#include "common/net/server.hpp"
#include "common/net/tls.hpp"
#include "common/service/lifecycle.hpp"
#include "common/service/operators.hpp"
#include "common/service/reload.hpp"
#include "common/service/tls_reload.hpp"
#include "common/service/tracing.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/public_server.hpp"
#include "relay/app/readiness.hpp"
#include "relay/app/stores.hpp"
#include "relay/app/upstream_follower.hpp"
#include "relay/chain/passed_batches.hpp"
#include "relay/grpc/port.hpp"

namespace fanion::relay::app {

class RelayApp {
public:
    using LoadConfig = std::function<ParsedConfig()>;

    // Reads the cache and opens both ports. `load_config` parses the configuration again, at
    // SIGHUP. Errors: a port or the cache directory is in use, or a configured file does not
    // verify.
    static Result<std::unique_ptr<RelayApp>> make(ParsedConfig parsed, LoadConfig load_config, const Log& log);
    ~RelayApp();

    // Serves until SIGTERM or SIGINT and returns the exit status.
    int run();

private:
    // What this process has of its cache directory.
    struct CacheDirectory {
        FileLock lock;
        RelayIdentity identity;
        cache::TrustChain trust;
        bool crashed;  // an earlier process left its crash mark

        static Result<CacheDirectory> open(const Config& config);
    };

    // Of what the configuration's files are; null where there is no TLS.
    struct Tls {
        net::ClientTls upstream;
        service::PortsTls ports;

        // Blocking. Error: unavailable, not_found, too_large, internal, invalid_input; the detail
        // names the file.
        static Result<Tls> load(const Config& config);
    };

    RelayApp(ParsedConfig parsed, LoadConfig load_config, CacheDirectory directory, const Log& log);
    Result<> open();
    void limit_connections();
    Result<> open_events(const net::ClientTls& tls);
    Result<> open_passed_batches(const net::ClientTls& tls);
    std::vector<net::ClientConfig> event_upstreams(const net::ClientTls& tls) const;
    Result<> open_operators_port(net::ServerTlsPtr tls);
    Result<> open_grpc_port();
    void connect();
    void register_all_metrics();
    void write_status(json::Writer& w) const;

    boost::asio::awaitable<void> run_life();
    // False: calls over gRPC did not end.
    boost::asio::awaitable<bool> drain_public_port();
    boost::asio::awaitable<void> run_keep_directory();
    boost::asio::awaitable<void> run_attributes();
    boost::asio::awaitable<Result<>> apply(Config config);
    boost::asio::awaitable<Result<Tls>> load_tls(const Config& config);
    boost::asio::awaitable<Result<>> apply_tls();
    Result<> check_expiry(const Tls& tls, const Config& config) const;
    void set_tls(const Tls& tls);
    void apply_rest(Config config);

    Config config_;
    FileLock lock_;  // of the pool after the start
    bool crashed_before_;
    RelayIdentity identity_;
    const Log& log_;
    SystemClock clock_;
    UnixMillis started_at_ = 0;
    service::Health health_;
    ReadinessRules readiness_;
    net::Workers control_{1};  // one thread; outlives all that has timers on it
    service::StopRequest stop_;
    net::BlockingPool pool_;
    Tls tls_;  // in force
    service::ConfigReload<Config> reload_;
    service::TlsReload tls_reload_;
    net::TaskGroup tasks_;
    service::Tracing tracing_;
    cache::CacheMetrics cache_metrics_;
    upstream::UpstreamMetrics upstream_metrics_;
    unsigned threads_;
    cache::EnvironmentRegistry registry_;
    cache::EnvironmentCache cache_;
    std::unique_ptr<accounting::RelayEvents> events_;
    chain::ChildReports children_;
    std::unique_ptr<chain::PassedBatches> passed_;
    std::unique_ptr<forward::Shipper> passed_shipper_;
    std::unique_ptr<PublicServer> public_server_;
    std::unique_ptr<UpstreamFollower> follower_;
    std::unique_ptr<Stores> stores_;
    telemetry::Registry metrics_;
    std::unique_ptr<net::Server> operators_;
    std::unique_ptr<grpc::Port> grpc_;  // null: not served
    bool clean_ = false;                // everything ended in time
};

}  // namespace fanion::relay::app
