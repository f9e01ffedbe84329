#pragma once

// The conditional and content-coding headers of HTTP (RFC 9110) as the relay endpoints need them. Pure.

#include <string>
#include <string_view>

#include "common/base/compression.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cp::relays {

std::string etag_of(wire::Version version);  // "\"<epoch>.<version>\"", strong

// If-None-Match: "*", or a list that holds `etag` (weak comparison, as 13.1.2 asks for).
bool matches_etag(std::string_view if_none_match, std::string_view etag) noexcept;

// Accept-Encoding: zstd, else gzip, where the caller takes them (not with q=0); else identity.
Encoding choose_encoding(std::string_view accept_encoding) noexcept;

}  // namespace fanion::cp::relays
