#pragma once

// Byte strings: as C interfaces take them, and with fixed-width little-endian numbers in them, for
// formats on disk. Pure.

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fanion {

inline const unsigned char* octets(std::string_view bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(std::string& bytes) noexcept { return reinterpret_cast<unsigned char*>(bytes.data()); }

template <std::unsigned_integral T>
void append_le(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

template <std::unsigned_integral T>
T read_le(const char* at) noexcept {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        value = static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<unsigned char>(at[i])) << (8 * i)));
    }
    return value;
}

// Removes a number, or `count` bytes, from the front and returns it; nullopt when too few bytes are
// left.
template <std::unsigned_integral T>
std::optional<T> take_le(std::string_view& from) noexcept {
    if (from.size() < sizeof(T)) return std::nullopt;
    const T value = read_le<T>(from.data());
    from.remove_prefix(sizeof(T));
    return value;
}
inline std::optional<std::string_view> take_bytes(std::string_view& from, std::size_t count) noexcept {
    if (from.size() < count) return std::nullopt;
    const std::string_view taken = from.substr(0, count);
    from.remove_prefix(count);
    return taken;
}

}  // namespace fanion
