#pragma once

// CRC-32C (Castagnoli; RFC 3720 appendix B.4), for data on disk. Pure.

#include <cstdint>
#include <string_view>

namespace fanion {

// `seed` is the CRC of the bytes before, if any: crc32c(b, crc32c(a)) == crc32c(a + b).
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0) noexcept;

}  // namespace fanion
