#pragma once

// An HTTP server for tests, on a free loopback port and with threads of its own. The destructor
// stops it.

#include <csignal>
#include <stdexcept>

#include "common/net/server.hpp"

namespace fanion::test {

struct HttpServerOptions {
    net::ServerLimits limits = {};
    net::TrustedProxies trusted_proxies = {};
    net::ServerTlsPtr tls = {};
    std::string socket_path = {};
    unsigned socket_mode = 0660;
    unsigned workers = 1;
    net::ResponseHook hook = {};
    int log_fd = 2;
    LogLevel log_level = LogLevel::info;
};

class HttpServer {
public:
    explicit HttpServer(const std::function<void(net::Router&)>& add_routes, HttpServerOptions options = {})
        : workers_(options.workers) {
        net::ServerConfig config;
        config.name = "test";
        config.limits = options.limits;
        config.trusted_proxies = options.trusted_proxies;
        config.tls = options.tls;
        config.socket_path = options.socket_path;
        config.socket_mode = options.socket_mode;
        if (options.tls) std::signal(SIGPIPE, SIG_IGN);
        const auto make_router = [&](unsigned) {
            net::Router router;
            add_routes(router);
            return router;
        };
        const auto make_hook = [&](unsigned) { return options.hook; };
        auto server =
            net::Server::listen(workers_, config, make_router, make_hook, Log(options.log_fd, options.log_level));
        if (!server) throw std::runtime_error(server.error().detail);
        server_ = std::move(*server);
        workers_.start();
    }

    ~HttpServer() {
        workers_.stop();
        workers_.join();
    }

    net::Server& operator*() noexcept { return *server_; }
    net::Server* operator->() noexcept { return server_.get(); }
    net::Workers& workers() noexcept { return workers_; }
    std::uint16_t port() const noexcept { return server_->port(); }
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port()); }

private:
    net::Workers workers_;
    std::unique_ptr<net::Server> server_;
};

}  // namespace fanion::test
