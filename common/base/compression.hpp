#pragma once

// gzip and zstd as HTTP content encodings. Pure functions; thread-safe. Large bodies belong on the blocking pool.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion {

enum class Encoding { identity, gzip, zstd };

std::string_view name_of(Encoding encoding) noexcept;  // as in Content-Encoding
// A Content-Encoding header's value; empty is identity, anything else unknown (several codings too) nothing.
std::optional<Encoding> parse_encoding(std::string_view header) noexcept;

std::string compress(Encoding encoding, std::string_view bytes);

// The whole of `bytes` as one stream; never makes more than `limit` bytes. Errors: invalid_input (damaged, cut short, or
// followed by something else), too_large.
Result<std::string> decompress(Encoding encoding, std::string_view bytes, std::size_t limit);

}  // namespace fanion
