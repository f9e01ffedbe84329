#pragma once

// Makes ustar archives, for tests of what reads them.

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::test {

using ArchiveFiles = std::vector<std::pair<std::string, std::string>>;  // name and content

inline std::string octal(std::size_t number, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*zo", digits, number);
    return text;
}

// Writes the checksum into a header.
inline void seal_ustar_header(std::string& header) {
    header.replace(148, 8, 8, ' ');
    std::size_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    header.replace(148, 8, octal(sum, 6) + std::string("\0 ", 2));
}

inline std::string ustar_header(std::string_view name, std::size_t size, char type = '0') {
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    header.replace(100, 7, "0000644");
    header.replace(124, 11, octal(size, 11));
    header[156] = type;
    header.replace(257, 5, "ustar");
    header.replace(263, 2, "00");
    seal_ustar_header(header);
    return header;
}

inline std::string ustar_entry(std::string_view name, std::string_view bytes, char type = '0') {
    auto entry = ustar_header(name, bytes.size(), type);
    entry += bytes;
    entry.append((512 - bytes.size() % 512) % 512, '\0');
    return entry;
}

inline const std::string ustar_end(1024, '\0');

inline std::string ustar(const ArchiveFiles& files) {
    std::string archive;
    for (const auto& [name, bytes] : files) archive += ustar_entry(name, bytes);
    return archive + ustar_end;
}

}  // namespace fanion::test
