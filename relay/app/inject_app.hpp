#pragma once

// `fanion-relay inject-webhook`: the admission webhook that adds a relay to pods. It serves POST
// /inject over TLS, and the operators' port; it has no state and asks nobody.
//
// Threads: main starts and waits; one control thread serves both ports, because a review takes less
// than a millisecond; the blocking pool reads files. make() and run() are called by the main
// thread; the rest belongs to the control thread.

#include <functional>
#include <memory>

#include "common/net/blocking_pool.hpp"
#include "common/net/server.hpp"
#include "common/net/task_group.hpp"
#include "common/service/lifecycle.hpp"
#include "common/service/operators.hpp"
#include "common/service/reload.hpp"
#include "common/service/tls_reload.hpp"
#include "relay/app/config.hpp"
#include "relay/inject/inject_metrics.hpp"

namespace fanion::relay::app {

class InjectApp {
public:
    using LoadConfig = std::function<ParsedConfig()>;

    // Opens both ports. `load_config` parses the configuration again, at SIGHUP. Errors: a port is
    // in use, or the certificate cannot be used.
    static Result<std::unique_ptr<InjectApp>> make(ParsedConfig parsed, LoadConfig load_config, const Log& log);
    ~InjectApp();

    // Serves until SIGTERM or SIGINT and returns the exit status.
    int run();

private:
    InjectApp(ParsedConfig parsed, LoadConfig load_config, const Log& log);
    Result<> open();
    Result<> open_webhook();
    Result<> open_operators_port();
    void handle_inject(net::Request& request, net::Response& response);
    void log_verdict(const inject::Verdict& verdict) const;

    boost::asio::awaitable<void> run_life();
    boost::asio::awaitable<Result<>> apply(Config config);
    boost::asio::awaitable<Result<>> apply_tls(service::PortOptions ports);

    Config config_;
    const Log& log_;
    service::Health health_;
    inject::InjectMetrics counts_;
    net::Workers control_{1};
    service::StopRequest stop_;
    net::BlockingPool pool_{1};
    service::PortsTls tls_;  // in force
    service::ConfigReload<Config> reload_;
    service::TlsReload tls_reload_;
    net::TaskGroup tasks_;
    telemetry::Registry metrics_;
    std::unique_ptr<net::Server> webhook_;
    std::unique_ptr<net::Server> operators_;
    bool clean_ = false;  // everything ended in time
};

}  // namespace fanion::relay::app
