#pragma once

// Writes a protobuf message field by field, for the few messages of google.rpc, of which Debian has
// no headers. Not thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

namespace fanion::cp::grpc {

class WireWriter {
public:
    // Of a string, of bytes, or of a message that is written already.
    WireWriter& text(std::uint32_t field, std::string_view value) {
        varint(field << 3 | 2U);
        varint(value.size());
        bytes_ += value;
        return *this;
    }
    // Of an integer that is not negative.
    WireWriter& number(std::uint32_t field, std::uint64_t value) {
        varint(field << 3);
        varint(value);
        return *this;
    }
    const std::string& bytes() const noexcept { return bytes_; }

private:
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
        bytes_ += static_cast<char>(value);
    }

    std::string bytes_;
};

}  // namespace fanion::cp::grpc
