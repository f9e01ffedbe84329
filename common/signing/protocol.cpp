#include "common/signing/protocol.hpp"

#include "common/base/text.hpp"

namespace fanion::signing {
namespace {

constexpr std::size_t longest_text = 1000;

}  // namespace

std::string format_frame(FrameKind kind, std::string_view body) {
    body = body.substr(0, largest_message);
    const auto size = static_cast<std::uint32_t>(body.size() + 1);
    std::string frame;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) frame += static_cast<char>((size >> shift) & 0xFFU);
    frame += static_cast<char>(kind);
    frame += body;
    return frame;
}

std::string format_refusal(SignerRefusal code, std::string_view text) {
    std::string body(1, static_cast<char>(code));
    body += text.substr(0, longest_text);
    return format_frame(FrameKind::error, body);
}

Result<std::optional<Frame>> take_frame(std::string& buffer) {
    if (buffer.size() < frame_head_bytes) return std::optional<Frame>();
    std::size_t size = 0;
    for (std::size_t i = 0; i < frame_head_bytes; ++i) size = (size << 8U) | static_cast<unsigned char>(buffer[i]);
    if (size == 0 || size > largest_frame)
        return Error{Errc::invalid_input, "a frame of " + std::to_string(size) + " bytes"};
    if (buffer.size() > frame_head_bytes) {
        const auto kind = static_cast<unsigned char>(buffer[frame_head_bytes]);
        if (kind < 1 || kind > 3) return Error{Errc::invalid_input, "a frame of the kind " + std::to_string(kind)};
    }
    if (buffer.size() < frame_head_bytes + size) return std::optional<Frame>();
    Frame frame{static_cast<FrameKind>(buffer[frame_head_bytes]), buffer.substr(frame_head_bytes + 1, size - 1)};
    buffer.erase(0, frame_head_bytes + size);
    return std::optional(std::move(frame));
}

Error read_refusal(std::string_view body) {
    if (body.empty()) return {Errc::unavailable, "the signer has failed and does not say why"};
    const bool is_refused = static_cast<SignerRefusal>(body.front()) == SignerRefusal::refused;
    return {is_refused ? Errc::forbidden : Errc::unavailable,
            "the signer says: " + (body.size() > 1 ? std::string(body.substr(1, longest_text)) : "no")};
}

}  // namespace fanion::signing
