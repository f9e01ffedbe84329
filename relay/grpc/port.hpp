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
#include "relay/grpc/exchange.hpp"

namespace fanion::relay::grpc {

struct PortOptions {
    std::string address;  // as ListenOptions::address
    std::string key;      // of calls without a credential; empty: they have none
    const char* version;  // of the program
    std::size_t calls;    // at a time
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

    // 1 for a Unix socket.
    int port() const noexcept { return server_->port(); }

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
    std::unique_ptr<Server> server_;
    std::thread shutdown_;
    boost::asio::steady_timer ended_;  // expires when the shutdown has ended
    bool has_ended_ = false;           // of the control thread
};

}  // namespace fanion::relay::grpc
