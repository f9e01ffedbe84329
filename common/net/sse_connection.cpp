#include "common/net/sse_connection.hpp"

#include <array>
#include <charconv>

namespace fanion::net {

namespace asio = boost::asio;

asio::awaitable<Result<>> SseConnection::start(std::string_view extra_headers, std::string_view content_type,
                                               BodyEnd end) {
    auto& c = *connection_;
    if (is_closed()) co_return closed_error();
    Response opening;
    opening.content_type = content_type;
    is_chunked_ = end == BodyEnd::finish && !c.parser_.is_http10();
    std::string lines(extra_headers);
    if (is_chunked_) lines += "Transfer-Encoding: chunked\r\n";
    const auto head = c.begin_stream(std::move(opening), lines);
    c.stream_is_incomplete_ = end == BodyEnd::finish;
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
    for (std::size_t sent = 0; sent < bytes.size();) {
        if (is_closed()) co_return closed_error();
        boost::system::error_code ec;
        sent += c.write_some(bytes.substr(sent), ec);
        if (!ec) continue;
        if (ec == asio::error::would_block) {
            auto waiting = Connection::wait_for_room(connection_);
            ec = co_await std::move(waiting);
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
