#include "common/net/websocket.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion::net {
namespace {

constexpr std::string_view accept_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t key_bytes = 16;

// Calls visit(element) for the elements of all headers of that name, which are lists, until it returns true.
template <class Visit>
bool any_element(const Request& request, std::string_view name, Visit visit) {
    for (const auto& header : request.headers()) {
        if (!equals_ignore_case_ascii(header.name, name)) continue;
        std::string_view rest = header.value;
        for (;;) {
            const auto comma = rest.find(',');
            if (visit(trim(rest.substr(0, comma)))) return true;
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return false;
}

bool has_element(const Request& request, std::string_view name, std::string_view wanted) {
    return any_element(request, name, [&](std::string_view e) { return equals_ignore_case_ascii(e, wanted); });
}

std::uint64_t number_in(const std::uint8_t* bytes, std::size_t count) noexcept {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number << 8 | bytes[i];
    return number;
}

void append_big_endian(std::string& out, std::uint64_t number, unsigned bytes) {
    while (bytes-- > 0) out += static_cast<char>(number >> (8 * bytes) & 0xff);
}

// RFC 6455 section 7.4, and the registry that it began.
bool may_be_sent(std::uint64_t code) noexcept {
    const bool is_registered = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    return is_registered || (code >= 3000 && code <= 4999);
}

}  // namespace

UpgradeRequest upgrade_of(const Request& request) {
    if (!has_element(request, "Upgrade", "websocket") || !has_element(request, "Connection", "upgrade")) {
        return UpgradeRequest::none;
    }
    if (request.header("Sec-WebSocket-Version") != "13") return UpgradeRequest::other_version;
    const auto key = from_base64(request.header("Sec-WebSocket-Key"));
    return key && key->size() == key_bytes ? UpgradeRequest::websocket : UpgradeRequest::malformed;
}

std::string websocket_accept(std::string_view key) {
    const auto text = std::string(key).append(accept_guid);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    // SHA-1 because the protocol says so: it proves that this is no cached answer, and nothing else.
    EVP_Digest(text.data(), text.size(), hash, &size, EVP_sha1(), nullptr);
    return to_base64({reinterpret_cast<const char*>(hash), size});
}

bool offers_protocol(const Request& request, std::string_view protocol) {
    return any_element(request, "Sec-WebSocket-Protocol", [&](std::string_view e) { return e == protocol; });
}

std::string_view offered_after(const Request& request, std::string_view prefix) noexcept {
    std::string_view found;
    any_element(request, "Sec-WebSocket-Protocol", [&](std::string_view element) {
        if (!element.starts_with(prefix)) return false;
        found = element.substr(prefix.size());
        return true;
    });
    return found;
}

void append_frame_header(std::string& out, FrameType type, std::uint64_t payload_bytes) {
    out += static_cast<char>(0x80 | static_cast<unsigned>(type));  // the last, and only, fragment
    if (payload_bytes < 126) {
        out += static_cast<char>(payload_bytes);
    } else if (payload_bytes <= 0xffff) {
        out += char{126};
        append_big_endian(out, payload_bytes, 2);
    } else {
        out += char{127};
        append_big_endian(out, payload_bytes, 8);
    }
}

void append_close_frame(std::string& out, std::uint16_t code) {
    append_frame_header(out, FrameType::close, code == 0 ? 0 : 2);
    if (code != 0) append_big_endian(out, code, 2);
}

ClientFrames::Event ClientFrames::read(std::string_view& bytes) noexcept {
    while (!bytes.empty() && !has_ended_) {
        const auto event = in_payload_ ? read_payload(bytes) : read_header(bytes);
        if (event != Event::none) return event;
    }
    bytes = {};
    return Event::none;
}

// Of a header whose first two bytes have come.
std::size_t ClientFrames::header_bytes() const noexcept {
    const auto length = header_[1] & 0x7f;
    return 2 + (length == 126 ? 2u : length == 127 ? 8u : 0u) + 4;
}

ClientFrames::Event ClientFrames::read_header(std::string_view& bytes) noexcept {
    while (!bytes.empty()) {
        header_[header_size_++] = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        if (header_size_ < 2) continue;
        if (header_size_ == 2 && (header_[1] & 0x80) == 0) return fail(close_code::protocol_error);  // not masked
        if (header_size_ < header_bytes()) continue;
        const std::uint64_t length = header_[1] & 0x7f;
        if (length < 126) return begin_frame(length);
        const auto size = number_in(&header_[2], length == 126 ? 2 : 8);
        const bool is_shortest = size > (length == 126 ? 125u : 0xffffu);
        if (!is_shortest || size >> 63 != 0) return fail(close_code::protocol_error);
        return begin_frame(size);
    }
    return Event::none;
}

ClientFrames::Event ClientFrames::begin_frame(std::uint64_t size) noexcept {
    const bool is_last = (header_[0] & 0x80) != 0;
    if ((header_[0] & 0x70) != 0) return fail(close_code::protocol_error);  // of an extension
    switch (type()) {
        case FrameType::close:
        case FrameType::ping:
        case FrameType::pong:
            if (!is_last || size > most_control_bytes) return fail(close_code::protocol_error);
            control_size_ = 0;
            break;
        case FrameType::continuation:
        case FrameType::text:
        case FrameType::binary:
            if (in_message_ != (type() == FrameType::continuation)) return fail(close_code::protocol_error);
            if (!in_message_) message_bytes_ = 0;
            if (size > most_message_bytes - message_bytes_) return fail(close_code::too_large);
            message_bytes_ += size;
            in_message_ = !is_last;
            break;
        default:
            return fail(close_code::protocol_error);
    }
    left_ = size;
    mask_at_ = 0;
    in_payload_ = true;
    return size == 0 ? end_frame() : Event::none;
}

ClientFrames::Event ClientFrames::read_payload(std::string_view& bytes) noexcept {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    if (is_control()) {
        const auto* mask = &header_[header_bytes() - 4];
        for (const char c : bytes.substr(0, count)) {
            control_[control_size_++] = static_cast<char>(static_cast<std::uint8_t>(c) ^ mask[mask_at_]);
            mask_at_ = static_cast<std::uint8_t>((mask_at_ + 1) % 4);
        }
    }
    bytes.remove_prefix(count);
    left_ -= count;
    return left_ == 0 ? end_frame() : Event::none;
}

ClientFrames::Event ClientFrames::end_frame() noexcept {
    in_payload_ = false;
    header_size_ = 0;
    if (type() == FrameType::ping) return Event::ping;
    if (type() != FrameType::close) return Event::none;
    if (control_size_ > 0) {
        const std::uint8_t code[2] = {static_cast<std::uint8_t>(control_[0]), static_cast<std::uint8_t>(control_[1])};
        const auto number = number_in(code, 2);
        if (control_size_ == 1 || !may_be_sent(number)) return fail(close_code::protocol_error);
        code_ = static_cast<std::uint16_t>(number);
    }
    has_ended_ = true;
    return Event::closed;
}

ClientFrames::Event ClientFrames::fail(std::uint16_t code) noexcept {
    code_ = code;
    has_ended_ = true;
    return Event::failed;
}

}  // namespace fanion::net
