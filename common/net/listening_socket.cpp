#include "common/net/listening_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace fanion::net {

namespace asio = boost::asio;
using asio::ip::tcp;

Result<ListeningSocket> ListeningSocket::open_tcp(const std::string& address, std::uint16_t port) {
    boost::system::error_code ec;
    const auto ip = asio::ip::make_address(address, ec);
    if (ec) return Error{Errc::invalid_input, "'" + address + "' is not an IP address to listen on"};
    const tcp::endpoint endpoint(ip, port);
    asio::io_context context;
    tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) acceptor.native_non_blocking(true, ec);
    const auto bound = ec ? tcp::endpoint() : acceptor.local_endpoint(ec);
    if (ec) {
        return Error{Errc::unavailable,
                     "cannot listen on " + address + " port " + std::to_string(port) + ": " + ec.message()};
    }
    return ListeningSocket{acceptor.release(), bound.port()};
}

Result<ListeningSocket> ListeningSocket::open_unix(const std::string& path, unsigned mode) {
    auto file = UnixListener::open(path, mode);
    if (!file) return file.error();
    const auto fd = file->duplicate();
    if (!fd) return fd.error();
    return ListeningSocket{*fd, 0, std::make_unique<UnixListener>(std::move(*file))};
}

}  // namespace fanion::net
