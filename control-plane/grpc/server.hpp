#pragma once

// The gRPC port: each RPC of rpc_table() as a request to the admin API within this process, with
// the credential, the request id and the address of its caller. Server reflection is on.
//
// Threads: gRPC's own read requests and write responses; one thread of the server converts
// responses; the handlers run on an I/O thread, which waits for none of them.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "common/base/error.hpp"
#include "common/grpc/port.hpp"
#include "common/net/server.hpp"
#include "common/net/server_tls.hpp"
#include "control-plane/grpc/exchange.hpp"
#include "control-plane/grpc/metrics.hpp"

namespace fanion::cp::grpc {

struct ServerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;           // 0: any free one, see Server::port()
    net::ServerTlsPtr tls = {};       // null: no TLS
    std::size_t connections = 1'000;  // at a time
    std::size_t connections_per_address = 1'000;
    std::size_t calls = 512;            // at a time; more are refused with UNAVAILABLE
    int streams_of_a_connection = 100;  // at a time; more wait
};

class Server {
public:
    // `metrics` outlives the server. Error: unavailable, the address cannot be bound or the program
    // was built without gRPC.
    static Result<std::unique_ptr<Server>> listen(ServerConfig config, Port port, Metrics& metrics);
    // After join().
    ~Server();

    std::uint16_t port() const noexcept;

    // For connections from now on.
    void set_tls(const net::ServerTls& tls);
    // Thread-safe.
    grpc_port::Counts counts() const;

    // No new calls; those in progress have `limit`, then they are cancelled. join() comes next.
    void drain(std::chrono::milliseconds limit);
    // On the I/O thread. False: calls were in progress even after `limit`; the process is to end
    // without destroying the server.
    boost::asio::awaitable<bool> join(std::chrono::milliseconds limit);

    struct Impl;

private:
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::cp::grpc
