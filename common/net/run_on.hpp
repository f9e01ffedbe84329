#pragma once

// Work on another executor, awaited by a coroutine: how something is done to what belongs to
// another thread. Thread-safe.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

namespace fanion::net {

// Runs `work` on `executor` and returns on the caller's; what it throws is rethrown there. It
// cannot be cancelled: work that has begun is waited for, and a cancelled coroutine notices at its
// next wait. The executor must be running.
boost::asio::awaitable<void> run_on(boost::asio::any_io_executor executor, std::function<void()> work);

}  // namespace fanion::net
