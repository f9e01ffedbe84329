#pragma once

// One connection of HttpClient: TCP, perhaps through a proxy's tunnel, and TLS over it for https;
// TLS to the proxy too if its URL says so.
// Each step has a deadline, after which the connection is closed. One thread; one step at a time.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>

#include "common/base/error.hpp"
#include "common/net/origin.hpp"
#include "common/net/proxy.hpp"
#include "common/net/resolve.hpp"

namespace fanion::net {

class ClientConnection : public std::enable_shared_from_this<ClientConnection> {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    // `tls` is null for http.
    ClientConnection(const boost::asio::any_io_executor& executor, std::shared_ptr<boost::asio::ssl::context> tls);

    // Errors of all three: network, timed_out; of connect() also those of `lookup`, which is
    // resolve() if it is empty. `proxy`, null for none, outlives the call; it looks up the origin's
    // name, and `lookup` is not asked. Its certificate is verified as the origin's is.
    boost::asio::awaitable<Result<>> connect(Origin origin, Deadline deadline, Resolve lookup = {},
                                             const Proxy* proxy = nullptr);
    boost::asio::awaitable<Result<>> write(std::string_view bytes, Deadline deadline);
    boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> room, Deadline deadline);  // 0: the end

    // Whether an idle connection can no longer be used: the peer closed it or sent unsolicited
    // bytes.
    bool is_stale();

private:
    using Tcp = boost::asio::ip::tcp;
    using TlsStream = boost::asio::ssl::stream<Tcp::socket&>;
    using TunnelledStream = boost::asio::ssl::stream<TlsStream&>;
    using Transferred = std::tuple<boost::system::error_code, std::size_t>;

    boost::asio::awaitable<Result<>> connect_tcp(const std::vector<Tcp::endpoint>& endpoints, Deadline deadline);
    boost::asio::awaitable<Result<>> open_tunnel(const Proxy& proxy, const Origin& origin, Deadline deadline);
    template <class Stream>
    boost::asio::awaitable<Result<>> handshake(Stream& stream, const std::string& host, Deadline deadline);
    boost::asio::awaitable<Transferred> start_write(std::string_view bytes);
    boost::asio::awaitable<Transferred> start_read(std::span<char> room);
    void arm(Deadline deadline);
    void disarm();
    Error error_of(std::string_view step, const boost::system::error_code& ec) const;

    Tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<boost::asio::ssl::context> tls_context_;
    std::unique_ptr<TlsStream> tls_;              // with the peer of the socket
    std::unique_ptr<TunnelledStream> tunnelled_;  // with the origin, within TLS to the proxy
    std::uint64_t watch_ = 0;                     // distinguishes a timer's late expiry from the current one's
    bool timed_out_ = false;
};

}  // namespace fanion::net
