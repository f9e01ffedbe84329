#include "common/net/sse_connection.hpp"

#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/net/response_format.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// A slow client's events wait in this process, where newer ones can replace them, and not in the kernel.
constexpr int unsent_bytes_in_kernel = 16 * 1024;

}  // namespace

asio::awaitable<Result<>> SseConnection::start(std::string_view extra_headers, std::string_view content_type) {
    auto& c = *connection_;
    if (is_closed()) co_return closed_error();
    Response opening;
    opening.content_type = content_type;
    auto& worker = *c.worker_;
    if (worker.hook()) worker.hook()(c.parser_.request(), opening, c.pattern_);
    worker.counters.requests[1].add();
    HeadOptions options;
    options.date = worker.date();
    options.keep_alive = false;
    options.has_length = false;
    auto head = std::make_shared<std::string>();
    append_head(*head, opening, options);
    head->insert(head->size() - 2, extra_headers);
    using LowWaterMark = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
    boost::system::error_code ignored;  // without it the kernel only queues more
    c.socket_.set_option(LowWaterMark(unsent_bytes_in_kernel), ignored);
    c.stream_started_ = true;
    c.phase_ = Connection::Phase::streaming;
    c.discard();
    SharedBytes bytes = std::move(head);
    auto sent = co_await send(std::move(bytes));
    if (sent && c.parser_.request().method == Method::head) {
        c.close(Connection::Notify::nobody);
        sent = Error{Errc::network, "the answer to HEAD has no events"};
    }
    co_return sent;
}

asio::awaitable<Result<>> SseConnection::send(SharedBytes bytes) {
    auto& c = *connection_;
    const auto token = asio::as_tuple(asio::use_awaitable);
    for (std::size_t sent = 0; sent < bytes->size();) {
        if (is_closed()) co_return closed_error();
        boost::system::error_code ec;
        sent += c.socket_.write_some(asio::buffer(bytes->data() + sent, bytes->size() - sent), ec);
        if (!ec) continue;
        if (ec == asio::error::would_block) {
            c.enter(Connection::Phase::streaming, c.worker_->limits().write_timeout);
            std::tie(ec) = co_await c.socket_.async_wait(Socket::wait_write, token);
            c.deadline_ = 0;
        }
        if (ec) c.close(Connection::Notify::nobody);
    }
    co_return is_closed() ? Result<>(closed_error()) : Result<>();
}

Error SseConnection::closed_error() const {
    if (connection_->timed_out_) return {Errc::timed_out, "the client of the event stream read nothing in time"};
    return {Errc::network, "the client of the event stream disconnected"};
}

}  // namespace fanion::net
