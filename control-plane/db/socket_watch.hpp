#pragma once

// Waits on the socket of a libpq connection (private to this folder). libpq owns the socket and may
// close it in any call. One thread, one wait at a time.
//
// Asio's reactor knows a descriptor by its number. If libpq closes the socket while the reactor
// still has it, the next connection can get the same number; deregistering the old one then
// deregisters the new one, which never becomes ready again. Therefore the owner calls sync() after
// each call that may close the socket, and release() before each call that may replace it and
// before PQfinish.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

namespace fanion::cp::db {

class SocketWatch
    : public std::enable_shared_from_this<SocketWatch> {  // shared with the timer's handler, which may outlive it
public:
    using For = boost::asio::posix::stream_descriptor::wait_type;
    using Deadline = std::chrono::steady_clock::time_point;

    explicit SocketWatch(const boost::asio::any_io_executor& executor) : socket_(executor), timer_(executor) {}
    ~SocketWatch() { release(); }
    SocketWatch(const SocketWatch&) = delete;

    // No error: ready. timed_out: the deadline has passed. operation_aborted: the coroutine is
    // cancelled.
    boost::asio::awaitable<boost::system::error_code> wait(int socket, For what, Deadline deadline);

    // Forgets the socket unless it is still `socket`: the present PQsocket(), -1 if closed.
    void sync(int socket) {
        if (socket_.is_open() && socket_.native_handle() != socket) socket_.release();
    }
    void release() {
        if (socket_.is_open()) socket_.release();
    }

private:
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer timer_;
    bool timed_out_ = false;   // the last wait reached its deadline
    std::uint64_t waits_ = 0;  // lets a late timer handler detect that its wait is over
};

}  // namespace fanion::cp::db
