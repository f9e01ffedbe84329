#pragma once

// Waits on the socket of a libpq connection, which libpq owns and may close in any of its calls (private to this folder). One
// thread, one wait at a time.
//
// Asio knows a socket by its number. Were it to remember one that libpq closed, the next connection of the process would get
// the same number, and forgetting the old one would take the new one out of the reactor: it would hear nothing any more. Hence:
// follow() after each call that may close the socket, release() before one that may replace it and before PQfinish.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

namespace fanion::cp::db {

class SocketWatch : public std::enable_shared_from_this<SocketWatch> {  // shared with its timer's handler, see wait()
public:
    using For = boost::asio::posix::stream_descriptor::wait_type;
    using Deadline = std::chrono::steady_clock::time_point;

    explicit SocketWatch(const boost::asio::any_io_executor& executor) : socket_(executor), timer_(executor) {}
    ~SocketWatch() { release(); }
    SocketWatch(const SocketWatch&) = delete;

    // No error: ready. timed_out: the deadline passed. operation_aborted: the coroutine is told to stop.
    boost::asio::awaitable<boost::system::error_code> wait(int socket, For what, Deadline deadline);

    // `socket`: PQsocket() now, -1 when it was closed.
    void adopt(int socket) {
        if (socket_.is_open() && socket_.native_handle() != socket) socket_.release();
    }
    void release() {
        if (socket_.is_open()) socket_.release();
    }

private:
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer timer_;
    bool timed_out_ = false;   // the last wait's deadline passed
    std::uint64_t waits_ = 0;  // tells a late timer handler that its wait is over
};

}  // namespace fanion::cp::db
