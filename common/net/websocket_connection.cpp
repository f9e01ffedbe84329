#include "common/net/websocket_connection.hpp"

#include <utility>

#include "common/net/response_format.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds ping_interval{5};

}  // namespace

WebSocketConnection::WebSocketConnection(ConnectionPtr connection) : connection_(std::move(connection)) {
    connection_->websocket_ = this;
}

WebSocketConnection::~WebSocketConnection() { connection_->websocket_ = nullptr; }

asio::awaitable<Result<>> WebSocketConnection::start(std::string_view extra_headers, std::string_view, BodyEnd) {
    auto& c = *connection_;
    if (is_closed()) co_return closed_error();
    Response opening;
    opening.status = 101;
    opening.content_type = {};
    opening.set("Upgrade", "websocket");
    opening.set("Connection", "Upgrade");
    opening.set("Sec-WebSocket-Accept", websocket_accept(c.parser_.request().header("Sec-WebSocket-Key")));
    c.out_ = c.begin_stream(std::move(opening), extra_headers);
    c.close_code_ = static_cast<std::uint16_t>(StreamEnd::going_away);
    pinged_at_ = steady_clock::now();
    is_writing_ = true;
    on_bytes(c.parser_.bytes_behind());
    if (!c.stream_left_) c.discard();
    co_return co_await write();
}

asio::awaitable<Result<>> WebSocketConnection::send(SharedBytes bytes) {
    auto& c = *connection_;
    if (is_closed()) co_return closed_error();
    const auto now = steady_clock::now();
    if (now - pinged_at_ >= ping_interval) {
        append_frame_header(c.out_, FrameType::ping, 0);
        pinged_at_ = now;
    }
    append_frame_header(c.out_, FrameType::text, bytes->size());
    c.tail_ = std::move(bytes);
    is_writing_ = true;
    co_return co_await write();
}

asio::awaitable<Result<>> WebSocketConnection::finish() { co_return co_await write(); }

void WebSocketConnection::set_end(StreamEnd end) noexcept {
    auto& c = *connection_;
    if (c.close_code_ && !c.stream_left_) c.close_code_ = static_cast<std::uint16_t>(end);
}

bool WebSocketConnection::is_closed() const noexcept {
    return connection_->stream_left_ || connection_->phase_ == Connection::Phase::closed;
}

asio::awaitable<Result<>> WebSocketConnection::write() {
    auto& c = *connection_;
    boost::system::error_code ec;
    while (c.phase_ != Connection::Phase::closed && !write_directly(ec)) {
        if (ec == asio::error::would_block) {
            auto waiting = Connection::wait_for_room(connection_);
            ec = co_await std::move(waiting);
        }
        if (ec) c.close(Connection::Notify::nobody);
    }
    is_writing_ = false;
    co_return is_closed() ? Result<>(closed_error()) : Result<>();
}

// Also the answer to a ping. False: not everything yet, or an error.
bool WebSocketConnection::write_directly(boost::system::error_code& ec) {
    auto& c = *connection_;
    while (c.write_directly(ec)) {
        if (!must_answer_ || c.stream_left_) return true;
        append_frame_header(c.out_, FrameType::pong, ping_.size());
        c.out_ += ping_;
        must_answer_ = false;
    }
    return false;
}

void WebSocketConnection::on_bytes(std::string_view bytes) {
    auto& c = *connection_;
    boost::system::error_code ec;
    while (!bytes.empty() && !is_closed()) {
        switch (frames_.read(bytes)) {
            case ClientFrames::Event::none:
                break;
            case ClientFrames::Event::ping:
                ping_ = frames_.payload();
                must_answer_ = true;
                // What cannot be written now goes before the next message.
                if (is_writing_ || write_directly(ec) || ec == asio::error::would_block) break;
                c.close(Connection::Notify::handler);
                break;
            case ClientFrames::Event::closed:
            case ClientFrames::Event::failed:
                c.stream_left_ = true;
                c.close_code_ = frames_.code();
                // What is being written is completed first: a closing frame cannot follow half a message.
                if (!is_writing_) c.cancel_handler_.emit(asio::cancellation_type::terminal);
                break;
        }
    }
}

Error WebSocketConnection::closed_error() const {
    if (connection_->timed_out_) return {Errc::timed_out, "the client of the WebSocket read nothing in time"};
    return {Errc::network, "the client of the WebSocket disconnected"};
}

}  // namespace fanion::net
