#pragma once

// Reads and writes protobuf messages field by field, for the few messages that need neither the
// library nor its generated code. Pure. A Writer is not thread-safe.

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fanion::protobuf {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

class Writer {
public:
    // Of a string, of bytes, or of a message that is written already.
    Writer& text(std::uint32_t field, std::string_view value) {
        tag(field, WireType::bytes);
        varint(value.size());
        bytes_ += value;
        return *this;
    }
    // Of an integer, an enumerator or a boolean. A negative number is given as its two's
    // complement.
    Writer& number(std::uint32_t field, std::uint64_t value) {
        tag(field, WireType::varint);
        varint(value);
        return *this;
    }
    Writer& real(std::uint32_t field, double value) {
        tag(field, WireType::fixed64);
        auto bits = std::bit_cast<std::uint64_t>(value);
        for (int i = 0; i < 8; ++i, bits >>= 8) bytes_ += static_cast<char>(bits & 0xff);
        return *this;
    }
    const std::string& bytes() const noexcept { return bytes_; }
    std::string take() noexcept { return std::move(bytes_); }

private:
    void tag(std::uint32_t field, WireType type) {
        varint(std::uint64_t{field} << 3 | static_cast<std::uint64_t>(type));
    }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
        bytes_ += static_cast<char>(value);
    }

    std::string bytes_;
};

struct Field {
    std::uint32_t number = 0;
    WireType type = WireType::varint;
    std::uint64_t value = 0;  // varint; fixed64, fixed32: the bits
    std::string_view bytes;   // bytes: a view of the message

    double as_double() const noexcept { return std::bit_cast<double>(value); }
};

// The fields of an untrusted message, one after the other.
class Reader {
public:
    explicit Reader(std::string_view message) : rest_(message) {}

    // False at the end, and at the first byte that is not protobuf: see is_malformed().
    bool next(Field& field) noexcept {
        if (rest_.empty()) return false;
        std::uint64_t tag = 0;
        if (!varint(tag) || tag >> 3 == 0 || tag >> 3 > largest_field) return fail();
        field = {static_cast<std::uint32_t>(tag >> 3), static_cast<WireType>(tag & 7), 0, {}};
        switch (field.type) {
            case WireType::varint:
                return varint(field.value) || fail();
            case WireType::fixed64:
                return fixed(8, field.value) || fail();
            case WireType::fixed32:
                return fixed(4, field.value) || fail();
            case WireType::bytes:
                return length_delimited(field.bytes) || fail();
        }
        return fail();  // groups, which proto3 does not have
    }
    bool is_malformed() const noexcept { return malformed_; }

private:
    static constexpr std::uint64_t largest_field = (1U << 29) - 1;

    bool fail() noexcept {
        malformed_ = true;
        rest_ = {};
        return false;
    }
    bool varint(std::uint64_t& value) noexcept {
        value = 0;
        for (unsigned i = 0; i < 10 && i < rest_.size(); ++i) {
            const auto byte = static_cast<unsigned char>(rest_[i]);
            if (i == 9 && byte > 1) return false;
            value |= std::uint64_t{byte & 0x7fU} << (7 * i);
            if (byte < 0x80) {
                rest_.remove_prefix(i + 1);
                return true;
            }
        }
        return false;
    }
    bool fixed(unsigned size, std::uint64_t& value) noexcept {
        if (rest_.size() < size) return false;
        value = 0;
        for (unsigned i = 0; i < size; ++i) {
            value |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
        }
        rest_.remove_prefix(size);
        return true;
    }
    bool length_delimited(std::string_view& bytes) noexcept {
        std::uint64_t size = 0;
        if (!varint(size) || size > rest_.size()) return false;
        bytes = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(static_cast<std::size_t>(size));
        return true;
    }

    std::string_view rest_;
    bool malformed_ = false;
};

}  // namespace fanion::protobuf
