#pragma once

// WebSockets on which only the server speaks (RFC 6455): the request for one, the frames that the
// server sends, and the reading of what clients send. Pure; without a socket.
//
// Of the protocol this is what such a stream needs: version 13 and no extension. What clients send
// besides pings and the end is read over, within bounds.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/net/request.hpp"

namespace fanion::net {

enum class UpgradeRequest : std::uint8_t {
    none,           // an ordinary request
    websocket,      // a valid request for a WebSocket
    other_version,  // for one of another version of the protocol
    malformed,      // for one, but Sec-WebSocket-Key is not 16 bytes in base64
};
UpgradeRequest upgrade_of(const Request& request);

// Sec-WebSocket-Accept for the Sec-WebSocket-Key of a valid request.
std::string websocket_accept(std::string_view key);

// Whether a client offers that subprotocol.
bool offers_protocol(const Request& request, std::string_view protocol);
// What follows `prefix` in the first subprotocol on offer that begins with it; empty if none does.
std::string_view offered_after(const Request& request, std::string_view prefix) noexcept;

// The server's frames. Their payload is not masked, so that it can be shared by all who get it: only
// the header is a connection's own.
enum class FrameType : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
void append_frame_header(std::string& out, FrameType type, std::uint64_t payload_bytes);
// Code 0: without a code.
void append_close_frame(std::string& out, std::uint16_t code);

// Why a client's frames end the connection. The other reasons are a StreamEnd.
namespace close_code {
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t too_large = 1009;
}  // namespace close_code

// Reads a client's frames as their bytes come. Holds one control frame's payload, of data none.
class ClientFrames {
public:
    static constexpr std::uint64_t most_message_bytes = 4096;

    enum class Event : std::uint8_t {
        none,    // all bytes were read
        ping,    // to be answered with payload()
        closed,  // the client ends the connection, which is to be answered with code(), 0 if it gave none
        failed,  // the client breaks the protocol or sends too much; code() says why
    };
    // Reads from the front of `bytes` up to the next event, and removes what it has read. After
    // closed and failed everything is read over.
    Event read(std::string_view& bytes) noexcept;

    std::string_view payload() const noexcept { return {control_.data(), control_size_}; }  // until the next read()
    std::uint16_t code() const noexcept { return code_; }

private:
    static constexpr std::size_t most_control_bytes = 125;

    Event read_header(std::string_view& bytes) noexcept;
    Event read_payload(std::string_view& bytes) noexcept;
    Event begin_frame(std::uint64_t size) noexcept;
    Event end_frame() noexcept;
    Event fail(std::uint16_t code) noexcept;
    std::size_t header_bytes() const noexcept;
    bool is_control() const noexcept { return (header_[0] & 0x08) != 0; }
    FrameType type() const noexcept { return static_cast<FrameType>(header_[0] & 0x0f); }

    std::array<std::uint8_t, 14> header_{};
    std::array<char, most_control_bytes> control_{};
    std::uint8_t header_size_ = 0;  // of what has come
    std::uint8_t control_size_ = 0;
    std::uint8_t mask_at_ = 0;
    bool in_payload_ = false;
    bool in_message_ = false;  // a fragment has come that is not the last
    bool has_ended_ = false;
    std::uint16_t code_ = 0;
    std::uint64_t left_ = 0;           // of the frame's payload
    std::uint64_t message_bytes_ = 0;  // of the message that the frame belongs to
};

}  // namespace fanion::net
