#pragma once

// The choice of a response's content coding by Accept-Encoding (RFC 9110 section 12.5.3), and
// entity tags of what has several. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/compression.hpp"
#include "common/net/request.hpp"

namespace fanion::net {

// The coding with the largest weight among those offered, which are of zstd, br and gzip; of equal
// ones the one that is offered first, and none last. A coding that is not listed has the weight of
// "*". Empty: none, also where nothing else is acceptable, even if it is refused: an answer that is
// not asked for is of more use than none (section 12.5.3 allows both).
std::string_view choose_coding(std::string_view accept_encoding, std::span<const std::string_view> offered) noexcept;
// The same of what compress() makes: zstd, then gzip.
Encoding choose_encoding(std::string_view accept_encoding) noexcept;

// The strong entity tag of a representation in this coding, of the tag of the one without: codings
// are different bytes (RFC 9110 section 8.8.3.3). "\"7\"" is "\"7-gzip\"" in gzip.
std::string tag_in(Encoding encoding, std::string_view tag);
// The coding of the representation that the request's If-None-Match has; nullopt: it has none. The
// tags of all codings of one state are current together.
std::optional<Encoding> current_coding(const Request& request, std::string_view tag);

}  // namespace fanion::net
