#pragma once

// The protocol of a signer's Unix socket; docs/signer.md describes it to the byte. Pure.
//
// Both directions send frames: the length of what follows (4 bytes, big-endian), a kind (1 byte)
// and a body. A request is answered by one frame, in the order of the requests.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::signing {

inline constexpr std::size_t frame_head_bytes = 4;
inline constexpr std::size_t largest_frame = 64 * 1024;  // kind and body
inline constexpr std::size_t largest_message = largest_frame - 1;
inline constexpr char protocol_version = 1;

enum class FrameKind : std::uint8_t {
    key = 1,    // request: the protocol's version; answer: the public key
    sign = 2,   // request: the message; answer: the signature
    error = 3,  // answer only: a code and a text
};

enum class SignerRefusal : std::uint8_t {
    malformed = 1,    // the request is not of this protocol; the connection is closed
    refused = 2,      // the signer does not sign such messages
    unavailable = 3,  // the key cannot be used now
};

struct Frame {
    FrameKind kind = FrameKind::error;
    std::string body;
};

// `body` is at most largest_message bytes, or the frame is cut.
std::string format_frame(FrameKind kind, std::string_view body);
std::string format_refusal(SignerRefusal code, std::string_view text);

// The first frame of `buffer`, which it is taken from; nullopt until all of it is there. Error
// (invalid_input): a length of 0 or of more than largest_frame, or an unknown kind: what follows
// cannot be read either.
Result<std::optional<Frame>> take_frame(std::string& buffer);

// What an error frame says. Error codes: forbidden for `refused`, otherwise unavailable.
Error read_refusal(std::string_view body);

}  // namespace fanion::signing
