#pragma once

// Scheme, host, port and path prefix out of a URL. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::net {

struct Origin {
    bool tls = false;
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 0;
    std::string prefix;     // of every target: "" or "/path", without a slash at the end
    std::string authority;  // for Host: as RFC 9110 section 7.2 wants it, the scheme's own port left out
};

// "http://host[:port][/prefix]" or https. Error: invalid_input, for user info, a query, a fragment or anything else.
Result<Origin> parse_origin(std::string_view url);

}  // namespace fanion::net
