#include "common/net/run_on.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "common/base/signal_stack.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// Starts the work there; its end is posted back to the waiting coroutine's executor. (co_spawn throws on the other thread, where
// nobody catches, when the waiting task is cancelled.)
struct OnExecutor {
    asio::any_io_executor executor;
    std::function<void()> work;

    template <class Handler>
    void operator()(Handler handler) {
        // The guard keeps the coroutine's loop going, and ends there: the other executor may still be busy with its own ends when
        // that loop is already gone. `home` itself counts no work.
        auto home = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(home);
        asio::post(executor,
                   [task = std::move(work), waiting = std::move(handler), home, keep = std::move(guard)]() mutable {
                       use_signal_stack();
                       std::exception_ptr failure;
                       try {
                           task();
                       } catch (...) {
                           failure = std::current_exception();
                       }
                       task = nullptr;  // its captures are destroyed here, not on the waiting thread
                       // Moved: this thread lets go of nothing that the waiting one may already look at.
                       asio::post(home, [resumed = std::move(waiting), keep = std::move(keep),
                                         thrown = std::move(failure)]() mutable { resumed(std::move(thrown)); });
                   });
    }
};

}  // namespace

asio::awaitable<void> run_on(asio::any_io_executor executor, std::function<void()> work) {
    OnExecutor start{std::move(executor), std::move(work)};
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(std::move(start),
                                                                                           asio::use_awaitable);
}

}  // namespace fanion::net
