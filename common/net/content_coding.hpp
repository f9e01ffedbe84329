#pragma once

// The choice of a response's content coding by Accept-Encoding (RFC 9110 section 12.5.3). Pure.

#include <string_view>

#include "common/base/compression.hpp"

namespace fanion::net {

// zstd, else gzip, where the caller takes them (not with q=0); else identity.
Encoding choose_encoding(std::string_view accept_encoding) noexcept;

}  // namespace fanion::net
