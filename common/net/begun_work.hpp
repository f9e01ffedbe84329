#pragma once

// Work on a BlockingPool that goes on while the caller does something else. One thread (the
// caller's); the work is on another.
//
//     auto compiled = co_await net::begin_work(pool, [items] { return compile(items); });
//     const auto rows = co_await tx.run(find_head, org_id);  // meanwhile
//     auto ruleset = co_await compiled.end();

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "common/net/blocking_pool.hpp"

namespace fanion::net {

struct WorkState;
boost::asio::awaitable<std::shared_ptr<WorkState>> begin_task(BlockingPool& pool, std::function<void()> task);
// Rethrows what the task has thrown. Throws system_error (operation_aborted) when it is cancelled.
boost::asio::awaitable<void> wait_for_task(std::shared_ptr<WorkState> state);

// Destroyed before the end of the work, it lets it go on: what the work uses must outlive it.
template <class T>
class BegunWork {
public:
    // Waits for the result; once.
    boost::asio::awaitable<T> end() {
        co_await wait_for_task(state_);
        co_return std::move(**result_);
    }

private:
    template <class F>
    friend boost::asio::awaitable<BegunWork<std::invoke_result_t<F>>> begin_work(BlockingPool& pool, F work);

    std::shared_ptr<WorkState> state_;
    std::shared_ptr<std::unique_ptr<T>> result_ = std::make_shared<std::unique_ptr<T>>();
};

// Returns when the work is on its way.
template <class F>
boost::asio::awaitable<BegunWork<std::invoke_result_t<F>>> begin_work(BlockingPool& pool, F work) {
    using T = std::invoke_result_t<F>;
    BegunWork<T> begun;
    std::function<void()> task = [result = begun.result_, work]() mutable { *result = std::make_unique<T>(work()); };
    begun.state_ = co_await begin_task(pool, std::move(task));
    co_return begun;
}

}  // namespace fanion::net
