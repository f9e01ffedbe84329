#pragma once

// The address and port a server listens on. Plain values, pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::config {

struct Endpoint {
    std::string address;     // a literal IPv4 or IPv6 address, without brackets
    std::uint16_t port = 0;  // 0: any free port, chosen by the operating system
};

// Parses "127.0.0.1:8080" or "[::1]:8080". Returns nullopt for anything else, host names included.
std::optional<Endpoint> parse_endpoint(std::string_view text);
// Formats an endpoint in the form that parse_endpoint() reads.
std::string to_string(const Endpoint& endpoint);

}  // namespace fanion::config
