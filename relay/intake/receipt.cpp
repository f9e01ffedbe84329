#include "relay/intake/receipt.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::relay::intake {

namespace asio = boost::asio;

struct Receipt::State {
    explicit State(const asio::any_io_executor& executor) : timer(executor, asio::steady_timer::time_point::max()) {}
    asio::steady_timer timer;
    bool is_done = false;
};

// Other threads hold the state weakly, so that its timer ends with the worker's coroutine.
std::function<void()> Receipt::notifier() {
    state_ = std::make_shared<State>(executor_);
    return [executor = executor_, weak = std::weak_ptr<State>(state_)] {
        asio::post(executor, [weak] {
            const auto state = weak.lock();
            if (!state) return;
            state->is_done = true;
            state->timer.cancel();
        });
    };
}

asio::awaitable<void> Receipt::wait() {
    if (!state_) co_return;
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (!state_->is_done && cancellation.cancelled() == asio::cancellation_type::none) {
        co_await state_->timer.async_wait(token);
    }
}

}  // namespace fanion::relay::intake
