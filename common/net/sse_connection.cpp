#include "common/net/sse_connection.hpp"

#include <netinet/tcp.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "common/net/response_format.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// A slow client's events wait in this process, where newer ones can replace them, and not in the kernel.
constexpr int unsent_bytes_in_kernel = 16 * 1024;

}  // namespace

asio::awaitable<Result<>> SseConnection::start(std::string_view extra_headers, std::string_view content_type,
                                               BodyEnd end) {
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
    std::string head;
    append_head(head, opening, options);
    head.insert(head.size() - 2, extra_headers);
    is_chunked_ = end == BodyEnd::finish && !c.parser_.is_http10();
    if (is_chunked_) head.insert(head.size() - 2, "Transfer-Encoding: chunked\r\n");
    using LowWaterMark = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
    boost::system::error_code ignored;  // without it the kernel only queues more
    c.socket_.set_option(LowWaterMark(unsent_bytes_in_kernel), ignored);
    c.stream_started_ = true;
    c.stream_is_incomplete_ = end == BodyEnd::finish;
    c.phase_ = Connection::Phase::streaming;
    c.discard();
    auto sent = co_await write(head);
    if (sent && c.parser_.request().method == Method::head) {
        c.close(Connection::Notify::nobody);
        sent = Error{Errc::network, "the answer to HEAD has no events"};
    }
    co_return sent;
}

asio::awaitable<Result<>> SseConnection::send(SharedBytes bytes) {
    if (!is_chunked_) co_return co_await write(*bytes);
    if (bytes->empty()) co_return Result<>();  // a chunk of no bytes would end the body
    std::array<char, 20> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes->size(), 16).ptr;
    const auto size_line = std::string(size.data(), end) + "\r\n";
    auto sent = co_await write(size_line);
    if (sent) sent = co_await write(*bytes);
    if (sent) sent = co_await write("\r\n");
    co_return sent;
}

asio::awaitable<Result<>> SseConnection::finish() {
    auto sent = co_await write(is_chunked_ ? "0\r\n\r\n" : "");
    if (sent) connection_->stream_is_incomplete_ = false;
    co_return sent;
}

// The caller keeps the bytes until it returns.
asio::awaitable<Result<>> SseConnection::write(std::string_view bytes) {
    auto& c = *connection_;
    const auto token = asio::as_tuple(asio::use_awaitable);
    for (std::size_t sent = 0; sent < bytes.size();) {
        if (is_closed()) co_return closed_error();
        boost::system::error_code ec;
        sent += c.write_some(bytes.substr(sent), ec);
        if (!ec) continue;
        if (ec == asio::error::would_block) {
            c.enter(Connection::Phase::streaming, c.worker_->limits().write_timeout);
            const auto wait = c.tls_ ? c.tls_->write_wait() : Socket::wait_write;
            std::tie(ec) = co_await c.socket_.async_wait(wait, token);
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
