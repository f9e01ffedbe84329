#pragma once

// The writing side of one server-sent events connection, or of a WebSocket that carries the same
// events, handed to a StreamHandler. One thread.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::net {

// Bytes of one event, encoded once and shared by all who receive it.
using SharedBytes = std::shared_ptr<const std::string>;

// What tells the client that the body is complete.
enum class BodyEnd {
    connection,  // the end of the connection, whatever its reason: for streams that never are
    finish,      // finish(); without it the connection is reset, and the client sees an error
};

// Why a stream ends, for clients that can be told: the code that closes a WebSocket.
enum class StreamEnd : std::uint16_t {
    going_away = 1001,  // the client is to come again
    failed = 1011,
    unauthorized = 4401,  // a request would be answered 401
};

class SseStream {
public:
    virtual ~SseStream() = default;

    // Sends status 200, the content type and `extra_headers` (complete lines "Name: value\r\n"), so
    // that any long body can be sent this way; of a WebSocket, status 101 and `extra_headers`. Once,
    // before send(). Error: network when the peer disconnected, or after the head for a request
    // HEAD; the connection is then closed.
    virtual boost::asio::awaitable<Result<>> start(std::string_view extra_headers = "",
                                                   std::string_view content_type = "text/event-stream",
                                                   BodyEnd end = BodyEnd::connection) = 0;
    // Writes all bytes; on a WebSocket, as one message. Error: network when the peer disconnected,
    // timed_out when it accepted no bytes for ServerLimits::write_timeout; the connection is then
    // closed.
    virtual boost::asio::awaitable<Result<>> send(SharedBytes bytes) = 0;
    // Ends the body of a stream that was started with BodyEnd::finish. Errors: those of send().
    virtual boost::asio::awaitable<Result<>> finish() = 0;
    // True once the peer closed; send() then fails.
    virtual bool is_closed() const noexcept = 0;

    virtual bool is_websocket() const noexcept { return false; }
    // Why the stream ends when the handler returns: unless it says so, going_away.
    virtual void set_end(StreamEnd) noexcept {}
};

}  // namespace fanion::net
