#include "control-plane/db/socket_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::cp::db {

namespace asio = boost::asio;

// The timer's handler may run after the wait has ended, and after the watch is destroyed.
asio::awaitable<boost::system::error_code> SocketWatch::wait(int socket, For what, Deadline deadline) {
    if (!socket_.is_open()) socket_.assign(socket);
    timed_out_ = false;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = weak_from_this(), wait = ++waits_](boost::system::error_code ec) {
        const auto self = weak.lock();
        if (ec || !self || self->waits_ != wait) return;
        self->timed_out_ = true;
        self->socket_.cancel();
    });
    const auto [ec] = co_await socket_.async_wait(what, asio::as_tuple(asio::use_awaitable));
    ++waits_;
    timer_.cancel();
    if (ec && timed_out_) co_return asio::error::timed_out;
    co_return ec;
}

}  // namespace fanion::cp::db
