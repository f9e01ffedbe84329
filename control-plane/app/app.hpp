#pragma once

// `serve`: the order in which the control plane starts and ends.
//
// Start: database server, operators' port, database and schema, keys, services and their tasks,
// public port, port for gRPC. From the second step on /livez and /readyz answer. A database that
// does not answer is waited for; every other failure ends the process. End: not ready; no new
// connections, streams end, requests under way get --stop-timeout, what is left is cut; tasks;
// operators' port and threads; a private database server last.
//
// Threads: main starts, waits and ends; --threads I/O threads serve, and the first of them runs
// what is done once (app/serving.hpp), the start and the end among it; the blocking pool compiles
// and reads files, and threads of identity/passwords hash. An App is used by the main thread; its
// coroutines and their data belong to the first I/O thread. The operators' port is served by all.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "common/net/server.hpp"
#include "common/service/health.hpp"
#include "common/service/lifecycle.hpp"
#include "common/service/reload.hpp"
#include "common/service/tls_reload.hpp"
#include "common/service/tracing.hpp"
#include "control-plane/app/api_viewer.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/database.hpp"
#include "control-plane/app/serving.hpp"
#include "control-plane/grpc/server.hpp"
#include "control-plane/web/pages.hpp"

namespace fanion::cp::app {

class App {
public:
    using LoadConfig = std::function<ParsedConfig()>;

    // `load_config` parses the configuration again, at SIGHUP.
    App(ParsedConfig parsed, LoadConfig load_config, const Log& log);
    ~App();
    App(const App&) = delete;

    // Serves until SIGTERM or SIGINT and returns the exit status. Error: why it could not start.
    Result<int> run();

private:
    Result<> open_pages();
    Result<> open_operators_port(net::ServerTlsPtr tls);
    boost::asio::awaitable<void> run_life();
    boost::asio::awaitable<void> run_start();
    boost::asio::awaitable<Result<>> start();
    boost::asio::awaitable<Result<>> start_services(publish::Instance instance);
    Result<> open_public_port(net::ServerTlsPtr tls);
    Result<> open_grpc_port();
    void limit_connections();

    boost::asio::awaitable<Result<Keys>> load_keys(const Config& config, std::string iss);
    boost::asio::awaitable<Result<>> apply(Config config);
    boost::asio::awaitable<Result<service::PortsTls>> load_tls(const service::PortOptions& ports);
    boost::asio::awaitable<Result<>> apply_tls();
    void set_tls(const service::PortsTls& tls);

    boost::asio::awaitable<bool> drain();
    boost::asio::awaitable<bool> end_tasks();

    Config config_;
    const Log& log_;
    SystemClock clock_;
    telemetry::Registry registry_;
    grpc::Metrics grpc_metrics_{registry_};
    service::Health health_;
    net::BlockingPool blocking_;
    net::Workers workers_;  // the I/O threads; outlive all that has timers on them
    service::StopRequest stop_;
    service::ConfigReload<Config> reload_;
    service::TlsReload tls_reload_;
    net::TaskGroup tasks_;        // the start and the reload; Serving has its own
    net::TaskGroup trace_tasks_;  // the export of spans, which ends last
    service::Tracing tracing_;
    sinks::EventSinks sinks_;
    std::optional<Database> database_;
    std::unique_ptr<Serving> serving_;
    std::atomic<const Serving*> started_{nullptr};  // the same, for all threads, once it has started
    std::unique_ptr<net::Server> operators_;
    ApiViewer viewer_;
    web::Metrics web_metrics_{registry_};
    std::optional<web::Pages> pages_;
    std::size_t connections_ = net::ServerLimits().connections;  // of the public port
    service::PortsTls tls_;                                      // in force
    std::unique_ptr<net::Server> public_;
    std::unique_ptr<grpc::Server> grpc_;
    std::atomic<const grpc::Server*> serves_grpc_{nullptr};  // the same, for all threads
    bool start_failed_ = false;
    bool clean_ = false;  // everything ended in time
};

}  // namespace fanion::cp::app
