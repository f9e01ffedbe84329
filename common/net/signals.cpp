#include "common/net/signals.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::net {

namespace asio = boost::asio;

SignalWatch::SignalWatch(const asio::any_io_executor& executor, const std::vector<int>& signals) : set_(executor) {
    for (const int signal : signals) set_.add(signal);
}

asio::awaitable<int> SignalWatch::next() {
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [ec, number] = co_await set_.async_wait(token);
    co_return ec ? 0 : number;
}

}  // namespace fanion::net
