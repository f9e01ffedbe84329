#pragma once

// One worker's listening socket. With SO_REUSEPORT every worker has its own on the same port; a
// Unix socket is shared, and whoever comes first accepts. Runs on the worker's thread, except for
// open() and share().

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "common/net/server_worker.hpp"
#include "common/net/unix_listener.hpp"

namespace fanion::net {

class AcceptQueue : public std::enable_shared_from_this<AcceptQueue> {
public:
    AcceptQueue(boost::asio::io_context& context, std::shared_ptr<ServerWorker> worker);

    // Binds and listens. Replaces port 0 by the one that the kernel chose. Error: unavailable; the
    // detail names the endpoint.
    Result<> open(boost::asio::ip::tcp::endpoint& endpoint);
    // Error: unavailable.
    Result<> share(const UnixListener& listener);
    void start() { accept(); }
    // Connections that the kernel has already accepted are still served; it refuses later ones.
    void stop();

private:
    using Protocol = boost::asio::generic::stream_protocol;
    using Acceptor = boost::asio::basic_socket_acceptor<Protocol, Executor>;
    void accept();
    void on_accept(const boost::system::error_code& ec, Socket socket);
    void pause();

    const std::shared_ptr<ServerWorker> worker_;
    Acceptor acceptor_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      Executor>
        pause_timer_;
    Protocol::endpoint peer_;
    bool stopped_ = false;
    bool paused_ = false;  // nothing could be accepted since that was logged
};

// SO_REUSEPORT would let two processes of the same user listen on one port without noticing; this
// check notices. Error: unavailable.
Result<> check_port_is_free(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace fanion::net
