#include "common/net/accept_queue.hpp"

#include <sys/socket.h>

#include <utility>

namespace fanion::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr std::chrono::milliseconds pause_without_descriptors{100};

Error bind_error(const tcp::endpoint& endpoint, const boost::system::error_code& ec) {
    return {Errc::unavailable, "cannot listen on " + endpoint.address().to_string() + " port " +
                                   std::to_string(endpoint.port()) + ": " + ec.message()};
}

}  // namespace

Result<> check_port_is_free(const tcp::endpoint& endpoint) {
    if (endpoint.port() == 0) return {};
    asio::io_context context;
    tcp::acceptor probe(context);
    boost::system::error_code ec;
    probe.open(endpoint.protocol(), ec);
    if (!ec) probe.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) probe.bind(endpoint, ec);
    if (ec) return bind_error(endpoint, ec);
    return {};
}

AcceptQueue::AcceptQueue(asio::io_context& context, std::shared_ptr<ServerWorker> worker)
    : worker_(std::move(worker)), acceptor_(context.get_executor()), pause_timer_(context.get_executor()) {}

Result<> AcceptQueue::open(const tcp::endpoint& endpoint) {
    boost::system::error_code ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.set_option(ReusePort(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) acceptor_.non_blocking(true, ec);
    if (ec) return bind_error(endpoint, ec);
    return {};
}

std::uint16_t AcceptQueue::port() const { return acceptor_.local_endpoint().port(); }

void AcceptQueue::accept() {
    acceptor_.async_accept(peer_, [self = shared_from_this()](const boost::system::error_code& ec, Socket socket) {
        self->on_accept(ec, std::move(socket));
    });
}

void AcceptQueue::on_accept(const boost::system::error_code& ec, Socket socket) {
    if (!ec) {
        paused_ = false;
        worker_->take(std::move(socket), peer_);
    }
    if (stopped_) return;
    const bool exhausted = ec == asio::error::no_descriptors || ec == asio::error::no_buffer_space ||
                           ec == boost::system::errc::too_many_files_open_in_system;
    if (exhausted && !worker_->make_room()) return pause();
    accept();
}

void AcceptQueue::pause() {
    if (!std::exchange(paused_, true)) worker_->log().warn("accept_paused", {{"server", worker_->server_name()}});
    pause_timer_.expires_after(pause_without_descriptors);
    pause_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
        if (!ec && !self->stopped_) self->accept();
    });
}

void AcceptQueue::stop() {
    if (stopped_) return;
    stopped_ = true;
    boost::system::error_code ec;
    while (true) {
        tcp::endpoint peer;
        auto socket = acceptor_.accept(peer, ec);
        if (ec) break;
        worker_->take(std::move(socket), peer);
    }
    acceptor_.close(ec);
    pause_timer_.cancel();
}

}  // namespace fanion::net
