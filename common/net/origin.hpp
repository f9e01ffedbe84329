#pragma once

// Splits the URL of a server into scheme, host, port and path prefix. Pure.

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
    std::string authority;  // for the Host header (RFC 9110 section 7.2): without the scheme's default port
};

// "http://host[:port][/prefix]" or https. Error: invalid_input for anything else, user info,
// a query and a fragment included.
Result<Origin> parse_origin(std::string_view url);

}  // namespace fanion::net
