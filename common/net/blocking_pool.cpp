#include "common/net/blocking_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "common/net/run_on.hpp"

namespace fanion::net {

namespace asio = boost::asio;

asio::awaitable<void> BlockingPool::run(std::function<void()> work) {
    return run_on(pool_.get_executor(), std::move(work));
}

asio::awaitable<bool> BlockingPool::run_for(std::function<void()> work, std::chrono::milliseconds limit) {
    struct State {
        asio::steady_timer timer;
        std::exception_ptr failure;
        bool ended = false;
    };
    const auto executor = co_await asio::this_coro::executor;
    const auto state = std::make_shared<State>(State{asio::steady_timer(executor, limit), nullptr, false});
    auto on_end = [state](std::exception_ptr failure) {
        state->ended = true;
        state->failure = std::move(failure);
        state->timer.cancel();
    };
    asio::co_spawn(executor, run(std::move(work)), std::move(on_end));
    const auto token = asio::as_tuple(asio::use_awaitable);
    if (!state->ended) co_await state->timer.async_wait(token);
    if (state->failure) std::rethrow_exception(state->failure);
    co_return state->ended;
}

}  // namespace fanion::net
