#include "common/net/signals.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

namespace fanion::net {

namespace asio = boost::asio;

asio::awaitable<int> wait_for_signal(std::vector<int> signals) {
    const auto executor = co_await asio::this_coro::executor;
    asio::signal_set set(executor);
    for (const int signal : signals) set.add(signal);
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [ec, number] = co_await set.async_wait(token);
    co_return ec ? 0 : number;
}

asio::awaitable<int> wait_for_stop_signal() {
    std::vector<int> signals{SIGTERM, SIGINT};
    return wait_for_signal(std::move(signals));
}

}  // namespace fanion::net
