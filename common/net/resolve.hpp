#pragma once

// Host names to addresses with a limit in time, which the system's resolver does not keep by itself.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::net {

// At least one endpoint. An address in digits is not looked up. Errors: network, timed_out.
boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(
    std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline);

}  // namespace fanion::net
