#include "control-plane/web/tar.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace fanion::cp::web {
namespace {

constexpr std::size_t block = 512;

// The fields of a header that are read: offset and length.
struct Field {
    std::size_t at;
    std::size_t length;
};
constexpr Field name_field{0, 100};
constexpr Field size_field{124, 12};
constexpr Field checksum_field{148, 8};
constexpr std::size_t type_at = 156;
constexpr Field magic_field{257, 6};
constexpr Field prefix_field{345, 155};

std::string_view bytes_of(std::string_view header, Field field) noexcept {
    return header.substr(field.at, field.length);
}

// Up to the first NUL, or the whole field.
std::string_view text_of(std::string_view header, Field field) noexcept {
    const auto bytes = bytes_of(header, field);
    return bytes.substr(0, std::min(bytes.find('\0'), bytes.size()));
}

// Octal digits, ended by a NUL or a space, or by the field.
std::optional<std::size_t> number_of(std::string_view header, Field field) noexcept {
    const auto bytes = bytes_of(header, field);
    std::size_t value = 0;
    std::size_t digits = 0;
    for (const char c : bytes) {
        if (c == '\0' || c == ' ') break;
        if (c < '0' || c > '7') return std::nullopt;
        value = value * 8 + static_cast<std::size_t>(c - '0');
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    return value;
}

std::size_t checksum(std::string_view header) noexcept {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < block; ++i) {
        const bool is_own = i >= checksum_field.at && i < checksum_field.at + checksum_field.length;
        sum += is_own ? std::size_t{' '} : static_cast<unsigned char>(header[i]);
    }
    return sum;
}

bool is_empty(std::string_view bytes) noexcept {
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

Error at(std::size_t offset, const std::string& what) {
    return {Errc::invalid_input, what + " (entry at byte " + std::to_string(offset) + ")", {}};
}

std::string full_name(std::string_view header) {
    std::string name(text_of(header, prefix_field));
    if (!name.empty()) name += '/';
    return name.append(text_of(header, name_field));
}

bool is_regular(char type) noexcept { return type == '0' || type == '\0'; }

// What is wrong with a header; empty: nothing.
std::string fault_of(std::string_view header) {
    if (!bytes_of(header, magic_field).starts_with("ustar")) return "no ustar archive";
    if (number_of(header, checksum_field) != checksum(header)) return "a header's checksum does not match";
    if (!number_of(header, size_field)) return "the size is not an octal number";
    const char type = header[type_at];
    if (!is_regular(type) && type != '5') return "neither a file nor a folder: make the archive with --format=ustar";
    return {};
}

constexpr std::size_t padded(std::size_t size) noexcept { return (size + block - 1) / block * block; }

}  // namespace

Result<std::vector<TarFile>> read_tar(std::string_view archive) {
    std::vector<TarFile> files;
    for (std::size_t offset = 0;;) {
        const auto left = archive.substr(offset);
        if (left.size() < 2 * block) return at(offset, "the archive is cut short");
        const auto header = left.substr(0, block);
        if (is_empty(header)) {
            if (!is_empty(left)) return at(offset, "something follows the end of the archive");
            return files;
        }
        if (auto fault = fault_of(header); !fault.empty()) return at(offset, fault);
        const auto size = number_of(header, size_field).value_or(0);
        if (size > left.size() - block || padded(size) > left.size() - block) {
            return at(offset, "the archive is cut short");
        }
        if (is_regular(header[type_at])) files.push_back({full_name(header), left.substr(block, size)});
        offset += block + padded(size);
    }
}

}  // namespace fanion::cp::web
