#include "common/net/accept_queue.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
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

tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& generic) {
    tcp::endpoint endpoint;
    if (generic.size() > endpoint.capacity()) return endpoint;
    std::memcpy(endpoint.data(), generic.data(), generic.size());
    endpoint.resize(generic.size());
    return endpoint;
}

// A listener for IPv6 sees clients of IPv4 as IPv4-mapped addresses; everywhere else they are IPv4.
std::string address_text(const asio::generic::stream_protocol::endpoint& peer) {
    if (peer.protocol().family() == AF_UNIX) return "unix";
    const auto address = tcp_endpoint(peer).address();
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
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

Result<> AcceptQueue::open(tcp::endpoint& endpoint) {
    boost::system::error_code ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.set_option(ReusePort(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) acceptor_.non_blocking(true, ec);
    const auto bound = ec ? Protocol::endpoint() : acceptor_.local_endpoint(ec);
    if (ec) return bind_error(endpoint, ec);
    endpoint.port(tcp_endpoint(bound).port());
    return {};
}

Result<> AcceptQueue::share(const UnixListener& listener) {
    const auto fd = listener.duplicate();
    if (!fd) return fd.error();
    boost::system::error_code ec;
    acceptor_.assign(Protocol(AF_UNIX, 0), *fd, ec);
    if (ec) ::close(*fd);
    if (!ec) acceptor_.non_blocking(true, ec);
    if (ec) return Error{Errc::unavailable, "cannot listen on a Unix socket: " + ec.message()};
    return {};
}

void AcceptQueue::accept() {
    acceptor_.async_accept(peer_, [self = shared_from_this()](const boost::system::error_code& ec, Socket socket) {
        self->on_accept(ec, std::move(socket));
    });
}

void AcceptQueue::on_accept(const boost::system::error_code& ec, Socket socket) {
    if (!ec) {
        paused_ = false;
        worker_->take(std::move(socket), address_text(peer_));
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
        Protocol::endpoint peer;
        auto socket = acceptor_.accept(peer, ec);
        if (ec) break;
        worker_->take(std::move(socket), address_text(peer));
    }
    acceptor_.close(ec);
    pause_timer_.cancel();
}

}  // namespace fanion::net
