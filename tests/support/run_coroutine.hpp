#pragma once

// Runs a coroutine to completion on an io_context in the test's thread, and returns its result or
// rethrows its exception. Throws if it does not complete in time. There are no sleeps: the event
// loop runs until the result is available.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fanion::test {

#ifdef __has_feature  // Clang
#if __has_feature(thread_sanitizer)
#define FANION_IS_SLOWED 1
#endif
#endif
#ifdef FANION_IS_SLOWED
constexpr std::chrono::seconds coroutine_limit{150};  // the longest test takes 40 by itself
#undef FANION_IS_SLOWED
#else
constexpr std::chrono::seconds coroutine_limit{60};
#endif

// Runs the event loop until `done()` returns true; throws after the time limit.
template <class Done>
void run_until(boost::asio::io_context& context, Done done, std::chrono::milliseconds limit = coroutine_limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    context.restart();
    while (!done()) {
        if (context.stopped()) throw std::runtime_error("the io_context ran out of work before the result came");
        if (std::chrono::steady_clock::now() >= deadline) throw std::runtime_error("the coroutine did not end in time");
        context.run_one_until(deadline);
    }
}

// Runs the coroutine on `context`, for coroutines that use its objects.
inline void run_coroutine(boost::asio::io_context& context, boost::asio::awaitable<void> task,
                          std::chrono::milliseconds limit = coroutine_limit) {
    bool done = false;
    std::exception_ptr failure;
    auto on_end = [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        done = true;
    };
    boost::asio::co_spawn(context, std::move(task), std::move(on_end));
    run_until(
        context, [&] { return done; }, limit);
    if (failure) std::rethrow_exception(failure);
}

template <class T>
boost::asio::awaitable<void> store_result(boost::asio::awaitable<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
}

template <class T>
T run_coroutine(boost::asio::io_context& context, boost::asio::awaitable<T> task,
                std::chrono::milliseconds limit = coroutine_limit) {
    std::optional<T> result;
    run_coroutine(context, store_result(std::move(task), result), limit);
    return std::move(*result);
}

// Runs the coroutine on an io_context of its own.
template <class T>
T run_coroutine(boost::asio::awaitable<T> task, std::chrono::milliseconds limit = coroutine_limit) {
    boost::asio::io_context context;
    return run_coroutine(context, std::move(task), limit);
}

}  // namespace fanion::test
