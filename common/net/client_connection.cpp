#include "common/net/client_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/net/response_parser.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t proxy_header_limit = 16 * 1024;

// SSL_set_tlsext_host_name() without its macro's C casts.
void send_server_name(SSL* ssl, std::string host) {
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

// Says that it is the proxy that fails, and not the server behind it.
Error of_proxy(const Proxy& proxy, const Error& error) {
    return {error.code, "the proxy " + proxy.name + ": " + error.detail};
}

}  // namespace

ClientConnection::ClientConnection(const asio::any_io_executor& executor, std::shared_ptr<asio::ssl::context> tls)
    : socket_(executor), timer_(executor), tls_context_(std::move(tls)) {}

void ClientConnection::arm(Deadline deadline) {
    timed_out_ = false;
    const auto watch = ++watch_;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = weak_from_this(), watch](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (ec || !self || self->watch_ != watch) return;
        self->timed_out_ = true;
        boost::system::error_code ignored;  // closing makes the pending operation fail
        self->socket_.close(ignored);
    });
}

void ClientConnection::disarm() {
    ++watch_;
    timer_.cancel();
}

Error ClientConnection::error_of(std::string_view step, const boost::system::error_code& ec) const {
    if (timed_out_) return {Errc::timed_out, std::string(step) + " took too long"};
    return {Errc::network, std::string(step) + " failed: " + ec.message()};
}

asio::awaitable<Result<>> ClientConnection::connect(Origin origin, Deadline deadline, Resolve lookup,
                                                    const Proxy* proxy) {
    const auto& host = proxy ? proxy->host : origin.host;
    const auto port = proxy ? proxy->port : origin.port;
    const bool is_checked = lookup && !proxy;
    auto looking_up = is_checked ? lookup(host, port, deadline) : resolve(host, port, deadline);
    auto endpoints = co_await std::move(looking_up);
    if (!endpoints) co_return proxy ? of_proxy(*proxy, endpoints.error()) : endpoints.error();
    auto connected = co_await connect_tcp(*endpoints, deadline);
    if (connected && proxy && proxy->tls) {
        tls_ = std::make_unique<TlsStream>(socket_, *tls_context_);
        connected = co_await handshake(*tls_, proxy->host, deadline);
    }
    if (!connected && proxy) co_return of_proxy(*proxy, connected.error());
    if (proxy) connected = co_await open_tunnel(*proxy, origin, deadline);
    if (!connected || !tls_context_) co_return connected;
    if (tls_) {
        tunnelled_ = std::make_unique<TunnelledStream>(*tls_, *tls_context_);
        co_return co_await handshake(*tunnelled_, origin.host, deadline);
    }
    tls_ = std::make_unique<TlsStream>(socket_, *tls_context_);
    co_return co_await handshake(*tls_, origin.host, deadline);
}

// Nothing may follow the proxy's answer: the server of a tunnel for TLS waits for the client.
asio::awaitable<Result<>> ClientConnection::open_tunnel(const Proxy& proxy, const Origin& origin, Deadline deadline) {
    const auto request = connect_request(proxy, origin);
    auto asked = co_await write(request, deadline);
    if (!asked) co_return asked.error();
    ResponseParser parser(proxy_header_limit, 0, true);
    auto state = ResponseParser::State::need_more;
    while (state == ResponseParser::State::need_more) {
        const auto room = parser.prepare();
        const auto count = co_await read_some(room, deadline);
        if (!count) co_return of_proxy(proxy, count.error());
        parser.commit(*count);
        state = *count == 0 ? parser.finish() : parser.parse();
    }
    const auto refused = [&](const std::string& why) {
        return Error{Errc::network, "the proxy " + proxy.name + " " + why};
    };
    if (state == ResponseParser::State::failed) co_return refused("gave a bad answer: " + parser.error().detail);
    if (parser.status() == 407) co_return refused("asks for other credentials (status 407)");
    if (parser.status() / 100 != 2) {
        co_return refused("does not connect to " + origin.authority + " (status " + std::to_string(parser.status()) +
                          ")");
    }
    if (parser.has_rest()) co_return refused("sent more than its answer");
    co_return Result<>();
}

// One address after the other; each gets its share of the remaining time, so that an unreachable one does not use all of it.
asio::awaitable<Result<>> ClientConnection::connect_tcp(const std::vector<Tcp::endpoint>& endpoints,
                                                        Deadline deadline) {
    boost::system::error_code ec;
    auto left = static_cast<int>(endpoints.size());
    for (const auto& endpoint : endpoints) {
        const auto now = steady_clock::now();
        arm(now + std::max(deadline - now, steady_clock::duration::zero()) / left--);
        socket_.close(ec);
        std::tie(ec) = co_await socket_.async_connect(endpoint, token);
        disarm();
        if (ec) continue;
        socket_.set_option(Tcp::no_delay(true), ec);
        co_return Result<>();
    }
    co_return error_of("connecting", ec);
}

template <class Stream>
asio::awaitable<Result<>> ClientConnection::handshake(Stream& stream, const std::string& host, Deadline deadline) {
    boost::system::error_code ec;
    stream.set_verify_callback(asio::ssl::host_name_verification(host), ec);
    boost::system::error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    if (not_an_address) send_server_name(stream.native_handle(), host);
    arm(deadline);
    std::tie(ec) = co_await stream.async_handshake(asio::ssl::stream_base::client, token);
    disarm();
    if (!ec) co_return Result<>();
    const auto verified = SSL_get_verify_result(stream.native_handle());
    if (!timed_out_ && verified != X509_V_OK) {
        co_return Error{Errc::network,
                        "the certificate of " + host + " is not trusted: " + X509_verify_cert_error_string(verified)};
    }
    co_return error_of("the TLS handshake", ec);
}

asio::awaitable<ClientConnection::Transferred> ClientConnection::start_write(std::string_view bytes) {
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    if (tunnelled_) return asio::async_write(*tunnelled_, buffer, token);
    if (tls_) return asio::async_write(*tls_, buffer, token);
    return asio::async_write(socket_, buffer, token);
}

asio::awaitable<ClientConnection::Transferred> ClientConnection::start_read(std::span<char> room) {
    const auto buffer = asio::buffer(room.data(), room.size());
    if (tunnelled_) return tunnelled_->async_read_some(buffer, token);
    if (tls_) return tls_->async_read_some(buffer, token);
    return socket_.async_read_some(buffer, token);
}

asio::awaitable<Result<>> ClientConnection::write(std::string_view bytes, Deadline deadline) {
    boost::system::error_code ec;
    arm(deadline);
    auto writing = start_write(bytes);
    std::tie(ec, std::ignore) = co_await std::move(writing);
    disarm();
    co_return ec ? Result<>(error_of("sending the request", ec)) : Result<>();
}

asio::awaitable<Result<std::size_t>> ClientConnection::read_some(std::span<char> room, Deadline deadline) {
    boost::system::error_code ec;
    std::size_t count = 0;
    arm(deadline);
    auto reading = start_read(room);
    std::tie(ec, count) = co_await std::move(reading);
    disarm();
    if (ec == asio::error::eof) co_return std::size_t{0};
    if (ec) co_return error_of("reading the response", ec);
    co_return count;
}

bool ClientConnection::is_stale() {
    boost::system::error_code ec;
    char byte;
    socket_.non_blocking(true, ec);
    if (!ec) socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    return ec != asio::error::would_block;
}

}  // namespace fanion::net
