#pragma once

// For a worker's coroutine that waits until another thread says that something is done. It may end
// before that. One thread, its executor's, but for what notifier() returns.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

namespace fanion::relay::intake {

class Receipt {
public:
    explicit Receipt(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    Receipt(const Receipt&) = delete;

    // To be called once it is done, by any thread; while the executor's context exists.
    std::function<void()> notifier();
    void forget() noexcept { state_.reset(); }  // nothing will be done
    // Returns when the notifier was called, at once where there is none, and when cancelled.
    boost::asio::awaitable<void> wait();

private:
    struct State;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<State> state_;  // null: nothing to wait for
};

}  // namespace fanion::relay::intake
