#pragma once

// gzip and zstd as HTTP content encodings. Pure functions; thread-safe. Large bodies belong on the
// blocking pool.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion {

enum class Encoding { identity, gzip, zstd };

std::string_view name_of(Encoding encoding) noexcept;  // as in Content-Encoding
// The value of a Content-Encoding header; empty is identity. nullopt for unknown codings and for
// more than one.
std::optional<Encoding> parse_encoding(std::string_view header) noexcept;

std::string compress(Encoding encoding, std::string_view bytes);

// Decompresses `bytes`, which must be exactly one stream; never produces more than `limit` bytes.
// Errors: invalid_input (damaged, truncated, or followed by other bytes), too_large.
Result<std::string> decompress(Encoding encoding, std::string_view bytes, std::size_t limit);

}  // namespace fanion
