#pragma once

// Entity tags (RFC 9110 section 8.8.3). Pure.

#include <string>
#include <string_view>

#include "common/base/crypto.hpp"

namespace fanion::relay::serve {

// A strong tag, with its quotes, of the first 128 bits of the hash.
std::string make_etag(const Sha256& hash);

// Whether If-None-Match, a list of tags or "*", names `etag`. Compares weakly. An empty or malformed header does not.
bool matches_etag(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace fanion::relay::serve
