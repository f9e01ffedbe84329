#pragma once

// Entity tags (RFC 9110 section 8.8.3). Pure.

#include <string>
#include <string_view>

#include "common/base/crypto.hpp"

namespace fanion::relay::serve {

// A strong tag of the first 128 bits, with its quotes.
std::string make_etag(const Sha256& hash);

// If-None-Match: a list of tags, compared weakly, or "*". An empty header matches nothing.
bool matches_etag(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace fanion::relay::serve
