#pragma once

// Worker threads, listeners and the sessions between them. `Workers` owns N threads, each with one
// io_context; a Server listens on one port with one SO_REUSEPORT acceptor per worker and a Router
// per worker, or on a Unix socket that they share. A connection lives and dies on one thread. A
// Server is destroyed before its Workers. With TLS the process must ignore SIGPIPE.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/router.hpp"
#include "common/net/server_tls.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::net {

class Workers {
public:
    explicit Workers(unsigned threads);
    ~Workers();  // stop() and join() must have happened
    Workers(const Workers&) = delete;

    unsigned size() const noexcept;
    boost::asio::io_context& context(unsigned worker) noexcept;
    void start();  // threads begin to run
    void stop();   // io_contexts end their loop
    void join();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct ServerLimits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t headers = 100;  // their number
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes = 2 * 1024 * 1024;
    std::size_t bodies_bytes = 256 * 1024 * 1024;  // received of all requests; a worker's share has room for one body
    std::chrono::milliseconds handshake_timeout{10'000};  // of TLS, from the first byte of the connection to the last
    std::chrono::milliseconds header_timeout{10'000};     // from the first byte of a request to its last header
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds idle_timeout{75'000};  // keep-alive
    std::chrono::milliseconds write_timeout{10'000};
    std::chrono::milliseconds linger_timeout{2'000};  // after the last response, for the peer to read it
    std::chrono::milliseconds drain_grace{500};       // a busy peer's next request comes within it and is told to close
    std::size_t connections = 20'000;                 // in total, the same share for each worker; see ServerWorker
    std::size_t connections_per_address = 1'000;      // the same, of those that wait and have no known caller; 0: any
};

// Called with each response before it is written: common headers, access log, counters by route
// pattern.
using ResponseHook = std::function<void(Request&, Response&, std::string_view route_pattern)>;

struct ServerConfig {
    std::string name = {};  // in logs and metrics: "public", "operators"
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        // 0: any free one, see Server::port()
    std::string socket_path = {};  // not empty: a Unix socket there, instead of address and port
    unsigned socket_mode = 0660;   // permissions of its file
    ServerTlsPtr tls = {};         // null: none
    ServerLimits limits = {};
    TrustedProxies trusted_proxies = {};  // whose word on the client counts: see Request::peer, host(), is_https()
};

class Server {
public:
    // `make_router(worker)` and `make_hook(worker)` are called once per worker. Errors:
    // invalid_input for an address or a path that is not one, unavailable when it cannot be bound.
    static Result<std::unique_ptr<Server>> listen(Workers& workers, ServerConfig config,
                                                  const std::function<Router(unsigned worker)>& make_router,
                                                  const std::function<ResponseHook(unsigned worker)>& make_hook,
                                                  const Log& log);
    // Stops accepting and cuts. Handlers may still run until the workers' threads have been joined.
    ~Server();
    std::uint16_t port() const noexcept;  // 0: a Unix socket
    std::size_t connections() const noexcept;

    // Requests by class of status and by thread, connections, handler exceptions; label `server` is
    // the configuration's name.
    void register_metrics(telemetry::Registry& registry) const;

    // Shown to connections from now on. Not null, and only if the server began with TLS.
    // Thread-safe.
    void set_tls(const ServerTlsPtr& tls);

    // Shutdown in three steps, each thread-safe. stop_accepting(): no new connections. drain():
    // responses carry Connection: close, and idle connections end; a busy connection's peer has
    // `drain_grace` to send the request whose response tells it to close. cut(): the remaining
    // sockets are closed and waiting handlers cancelled.
    void stop_accepting();
    void drain();
    void cut();

    // Waits until no connection is open, no handler runs and every acceptor that was told to stop
    // has stopped, after drain() or cut(). False: something was still there after `limit`. Call it
    // from a coroutine whose executor has one thread, and only once at a time.
    boost::asio::awaitable<bool> join(std::chrono::milliseconds limit);

    struct Impl;

private:
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::net
