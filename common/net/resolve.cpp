#include "common/net/resolve.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

namespace fanion::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Shared with the look-up, which may end long after the caller has given up.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), ended(executor) {}

    tcp::resolver resolver;
    asio::steady_timer ended;  // cancelled when the look-up has ended
    std::optional<boost::system::error_code> outcome;
    std::vector<tcp::endpoint> endpoints;
};

void start(const std::shared_ptr<Lookup>& lookup, const std::string& host, std::uint16_t port) {
    lookup->resolver.async_resolve(
        host, std::to_string(port),
        [lookup](const boost::system::error_code& ec, const tcp::resolver::results_type& results) {
            for (const auto& entry : results) lookup->endpoints.push_back(entry.endpoint());
            lookup->outcome = ec;
            lookup->ended.cancel();
        });
}

}  // namespace

asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                            std::chrono::steady_clock::time_point deadline) {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (!ec) {
        std::vector<tcp::endpoint> only(1, tcp::endpoint(address, port));
        co_return only;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto lookup = std::make_shared<Lookup>(executor);
    lookup->ended.expires_at(deadline);
    start(lookup, host, port);
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await lookup->ended.async_wait(token);
    if (!lookup->outcome) {
        lookup->resolver.cancel();
        co_return Error{Errc::timed_out, "looking up " + host + " took too long"};
    }
    if (*lookup->outcome || lookup->endpoints.empty()) {
        co_return Error{Errc::network, "cannot look up " + host + ": " + lookup->outcome->message()};
    }
    co_return std::move(lookup->endpoints);
}

}  // namespace fanion::net
