#pragma once

// Where a server listens.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::config {

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;  // 0: the system chooses
};

std::optional<Endpoint> parse_endpoint(std::string_view text);  // "127.0.0.1:8080", "[::1]:8080"
std::string to_string(const Endpoint& endpoint);                // the same form

}  // namespace fanion::config
