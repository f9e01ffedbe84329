#pragma once

// Resolves host names with a deadline, which the system's resolver does not have. Thread-safe.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::net {

// Returns at least one endpoint. A numeric address is not looked up. Errors: network, timed_out.
boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline);

// A function in its place, for a client that chooses which addresses it connects to.
using Resolve = std::function<boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>>(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline)>;

}  // namespace fanion::net
