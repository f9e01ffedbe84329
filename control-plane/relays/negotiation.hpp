#pragma once

// The entity tag of a ruleset and the choice of its content coding (RFC 9110) for the relay
// endpoints. Pure.

#include <string>
#include <string_view>

#include "common/base/compression.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::cp::relays {

std::string etag_of(wire::Version version);  // "\"<epoch>.<version>\"", strong

// Accept-Encoding: zstd, else gzip, where the caller takes them (not with q=0); else identity.
Encoding choose_encoding(std::string_view accept_encoding) noexcept;

}  // namespace fanion::cp::relays
