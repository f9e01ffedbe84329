#pragma once

// Runs one coroutine to its end on an io_context of the test's thread and returns what it returned. What it throws is
// rethrown; when it does not end in time, so is that. No sleeps: the loop turns until the result is there.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fanion::test {

constexpr std::chrono::seconds coroutine_limit{60};

// Turns the loop until `done()`; throws when that takes too long.
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

// For coroutines that use objects of `context`.
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

// On an io_context of its own.
template <class T>
T run_coroutine(boost::asio::awaitable<T> task, std::chrono::milliseconds limit = coroutine_limit) {
    boost::asio::io_context context;
    return run_coroutine(context, std::move(task), limit);
}

}  // namespace fanion::test
