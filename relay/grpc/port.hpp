#pragma once

// The gRPC port of the relay: loads the module (module/interface.hpp) and deals calls out to the
// worker threads. Owned and called by the control thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/listening_socket.hpp"
#include "common/net/server_tls.hpp"
#include "relay/grpc/exchange.hpp"

namespace fanion::relay::grpc {

struct PortOptions {
    std::string address;
    std::uint16_t port;
    std::string socket_path;  // not empty: of a Unix socket, instead of the two above
    unsigned socket_mode;
    net::ServerTlsPtr tls;    // null: none
    std::string key;          // of calls without a credential; empty: they have none
    const char* version;      // of the program
    std::size_t connections;  // at a time, as calls
    std::size_t connections_per_address;
    net::TrustedProxies trusted_proxies;
    std::size_t calls;
};

class Port {
public:
    // The workers and the pool outlive this. Error: unavailable, the module cannot be loaded or
    // cannot listen.
    static Result<std::unique_ptr<Port>> open(const PortOptions& options, std::vector<std::unique_ptr<Worker>> workers,
                                              net::BlockingPool& pool, boost::asio::any_io_executor control,
                                              const Log& log);
    // After join().
    ~Port();

    // 0 for a Unix socket.
    std::uint16_t port() const noexcept { return socket_.port; }

    // For connections from now on.
    void set_tls(const net::ServerTls& tls) { server_->set_tls(tls.pem()); }
    // Thread-safe.
    grpc_port::Counts counts() const { return server_->counts(); }

    // No new calls; those in progress have `limit`, then they are cancelled. The workers run until
    // join() has returned.
    void drain(std::chrono::milliseconds limit);
    // False: calls were in progress even after `limit`; the process is to end without destroying
    // this.
    boost::asio::awaitable<bool> join(std::chrono::milliseconds limit);

private:
    class Dealer;

    Port(const PortOptions& options, std::vector<std::unique_ptr<Worker>> workers, net::BlockingPool& pool,
         boost::asio::any_io_executor control, const Log& log);

    std::vector<std::unique_ptr<Worker>> workers_;
    Shared shared_;
    std::unique_ptr<Dealer> dealer_;
    net::ListeningSocket socket_;
    std::unique_ptr<Server> server_;
    std::thread shutdown_;
    boost::asio::steady_timer ended_;  // expires when the shutdown has ended
    bool has_ended_ = false;           // of the control thread
};

}  // namespace fanion::relay::grpc
