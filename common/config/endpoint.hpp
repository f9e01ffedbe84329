#pragma once

// The address and port, or the Unix socket, that a server listens on. Plain values, pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::config {

struct Endpoint {
    std::string address;     // a literal IPv4 or IPv6 address, without brackets
    std::uint16_t port = 0;  // 0: any free port, chosen by the operating system
    std::string path = {};   // not empty: of a Unix socket, instead of the two above
};

// Parses "127.0.0.1:8080", "[::1]:8080" or "unix:/run/fanion.sock". Returns nullopt for anything
// else, host names and relative paths included.
std::optional<Endpoint> parse_endpoint(std::string_view text);
// Formats an endpoint in the form that parse_endpoint() reads.
std::string to_string(const Endpoint& endpoint);

}  // namespace fanion::config
