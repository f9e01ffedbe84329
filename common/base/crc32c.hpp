#pragma once

// CRC-32C (Castagnoli; RFC 3720 appendix B.4), for what lies on disk. Pure.

#include <cstdint>
#include <string_view>

namespace fanion {

// Of `bytes` as the continuation of what `seed` is the CRC of: crc32c(b, crc32c(a)) == crc32c(a + b).
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0) noexcept;

}  // namespace fanion
