#pragma once

// SseStream over a Connection that has become a WebSocket (docs/adr/0058): each text message is one
// event, in the bytes in which an event stream has it, shared by all who are sent it. Lives in the
// frame of the connection's handler coroutine, so that other connections have no memory for it. One
// thread.
//
// 1. What is being written is the connection's `out_` (frames of control, and the head of a
//    message) and `tail_` (the message). Nothing is put between these two.
// 2. A ping of the client is answered at once, or after the message that is being written. Of
//    several that come meanwhile, only the last is answered.
// 3. A ping goes before a message where the last one was some time ago: messages come every 10 s at
//    the latest, and then something passes in both directions.

#include <chrono>

#include "common/net/connection.hpp"
#include "common/net/sse_stream.hpp"
#include "common/net/websocket.hpp"

namespace fanion::net {

class WebSocketConnection final : public SseStream {
public:
    explicit WebSocketConnection(ConnectionPtr connection);
    ~WebSocketConnection() override;

    // The content type and `end` are not for WebSockets.
    boost::asio::awaitable<Result<>> start(std::string_view extra_headers, std::string_view content_type,
                                           BodyEnd end) override;
    boost::asio::awaitable<Result<>> send(SharedBytes bytes) override;
    boost::asio::awaitable<Result<>> finish() override;
    bool is_closed() const noexcept override;
    bool is_websocket() const noexcept override { return true; }
    void set_end(StreamEnd end) noexcept override;

    // For the connection: what has come from the client.
    void on_bytes(std::string_view bytes);

private:
    bool write_directly(boost::system::error_code& ec);
    boost::asio::awaitable<Result<>> write();
    Error closed_error() const;

    const ConnectionPtr connection_;
    ClientFrames frames_;
    std::string ping_;  // the payload of the one to be answered
    std::chrono::steady_clock::time_point pinged_at_;
    bool must_answer_ = false;
    bool is_writing_ = false;
};

}  // namespace fanion::net
