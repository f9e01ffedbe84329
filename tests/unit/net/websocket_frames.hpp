#pragma once

// A client's side of a WebSocket, for tests: its request and its frames, right and wrong ones.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::test {

// RFC 6455 section 1.3 has this key, and what it is answered with.
inline constexpr std::string_view websocket_key = "dGhlIHNhbXBsZSBub25jZQ==";
inline constexpr std::string_view websocket_accepted = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

inline std::string websocket_request(std::string_view target, std::string_view extra = "",
                                     std::string_view version = "13", std::string_view key = websocket_key) {
    std::string text = "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n";
    text.append("Upgrade: websocket\r\nSec-WebSocket-Version: ").append(version);
    text.append("\r\nSec-WebSocket-Key: ").append(key).append("\r\n").append(extra).append("\r\n");
    return text;
}

inline std::string big_endian(std::uint64_t number, unsigned bytes) {
    std::string text;
    while (bytes-- > 0) text += static_cast<char>(number >> (8 * bytes) & 0xff);
    return text;
}

// `first`: the first byte, of which 0x80 marks the last fragment. `announced`: instead of the payload's size.
inline std::string client_frame(unsigned first, std::string_view payload,
                                std::optional<std::uint64_t> announced = std::nullopt) {
    constexpr std::string_view mask = "\x12\x34\x56\x78";
    const auto size = announced.value_or(payload.size());
    std::string frame(1, static_cast<char>(first));
    if (size < 126) {
        frame += static_cast<char>(0x80 | size);
    } else if (size <= 0xffff) {
        frame += static_cast<char>(0x80 | 126);
        frame += big_endian(size, 2);
    } else {
        frame += static_cast<char>(0x80 | 127);
        frame += big_endian(size, 8);
    }
    frame += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
    return frame;
}

inline std::string client_close(unsigned code) { return client_frame(0x88, big_endian(code, 2)); }
// What the server closes with.
inline std::string server_close(unsigned code) { return "\x88\x02" + big_endian(code, 2); }

}  // namespace fanion::test
