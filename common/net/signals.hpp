#pragma once

// The process's signals as something to wait for.

#include <boost/asio/awaitable.hpp>
#include <vector>

namespace fanion::net {

// Waits for SIGTERM or SIGINT on the calling coroutine's executor. Returns the signal's number, 0 when cancelled.
boost::asio::awaitable<int> wait_for_stop_signal();

// The same for signals of the caller's choice: SIGHUP.
boost::asio::awaitable<int> wait_for_signal(std::vector<int> signals);

}  // namespace fanion::net
