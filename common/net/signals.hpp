#pragma once

// Signals of the process, awaited by coroutines.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <vector>

namespace fanion::net {

// For signals that may arrive repeatedly. They are handled as long as the object lives: one that
// arrives between two waits is returned by the next, and does not end the process. One thread.
class SignalWatch {
public:
    SignalWatch(const boost::asio::any_io_executor& executor, const std::vector<int>& signals);

    // The signal's number, 0 when cancelled. One wait at a time.
    boost::asio::awaitable<int> next();

private:
    boost::asio::signal_set set_;
};

}  // namespace fanion::net
