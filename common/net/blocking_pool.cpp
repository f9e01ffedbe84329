#include "common/net/blocking_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "common/base/signal_stack.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// Starts the work on the pool; its end is posted back to the waiting coroutine's executor. Nothing here can be cancelled:
// work that has begun is waited for, and a cancelled coroutine notices at its next wait. (co_spawn on the pool throws on
// the pool's thread, where nobody catches, when the waiting task is cancelled.)
struct OnPool {
    asio::thread_pool& pool;
    std::function<void()> work;

    template <class Handler>
    void operator()(Handler handler) {
        // The guard keeps the coroutine's loop going, and ends there: this pool may still be busy with its own ends when that
        // loop is already gone. `home` itself counts no work.
        auto home = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(home);
        asio::post(pool,
                   [task = std::move(work), waiting = std::move(handler), home, keep = std::move(guard)]() mutable {
                       use_signal_stack();
                       std::exception_ptr failure;
                       try {
                           task();
                       } catch (...) {
                           failure = std::current_exception();
                       }
                       task = nullptr;  // its captures are destroyed here, not on the I/O thread
                       // Moved: this thread lets go of nothing that the waiting one may already look at.
                       asio::post(home, [resumed = std::move(waiting), keep = std::move(keep),
                                         thrown = std::move(failure)]() mutable { resumed(std::move(thrown)); });
                   });
    }
};

}  // namespace

asio::awaitable<void> BlockingPool::run(std::function<void()> work) {
    OnPool start{pool_, std::move(work)};
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(std::move(start),
                                                                                           asio::use_awaitable);
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
