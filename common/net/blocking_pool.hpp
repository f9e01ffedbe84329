#pragma once

// Threads for work that blocks or takes long (Argon2id, fsync, compiling a large ruleset), awaited
// by coroutines. Work should not throw for what input can cause; what it throws is rethrown in the
// caller. Thread-safe.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>

namespace fanion::net {

class BlockingPool {
public:
    explicit BlockingPool(unsigned threads) : pool_(threads) {}
    void join() { pool_.join(); }

    // Runs `work` on the pool and returns on the caller's executor.
    boost::asio::awaitable<void> run(std::function<void()> work);

    // The same, but waits no longer than `limit`. False: the work has not ended and goes on, so
    // what it uses must outlive it.
    boost::asio::awaitable<bool> run_for(std::function<void()> work, std::chrono::milliseconds limit);

    // The same for work with a result.
    template <class F>
    boost::asio::awaitable<std::invoke_result_t<F>> compute(F work) {
        using T = std::invoke_result_t<F>;
        auto result = std::make_shared<std::unique_ptr<T>>();
        std::function<void()> task = [result, work]() mutable { *result = std::make_unique<T>(work()); };
        co_await run(std::move(task));
        co_return std::move(**result);
    }

private:
    boost::asio::thread_pool pool_;
};

}  // namespace fanion::net
