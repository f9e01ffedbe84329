#include "common/net/begun_work.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace fanion::net {

namespace asio = boost::asio;

struct WorkState {
    explicit WorkState(const asio::any_io_executor& executor)
        : ended(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer ended;
    std::exception_ptr failure;
    bool has_ended = false;
};

asio::awaitable<std::shared_ptr<WorkState>> begin_task(BlockingPool& pool, std::function<void()> task) {
    const auto executor = co_await asio::this_coro::executor;
    auto state = std::make_shared<WorkState>(executor);
    auto on_end = [state](std::exception_ptr failure) {
        state->has_ended = true;
        state->failure = std::move(failure);
        state->ended.cancel();
    };
    asio::co_spawn(executor, pool.run(std::move(task)), std::move(on_end));
    co_return state;
}

asio::awaitable<void> wait_for_task(std::shared_ptr<WorkState> state) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    if (!state->has_ended) co_await state->ended.async_wait(token);
    if (state->failure) std::rethrow_exception(state->failure);
    if (!state->has_ended) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace fanion::net
