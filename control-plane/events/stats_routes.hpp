#pragma once

// How often each flag gave each variation, as counted by the relays.

#include <span>
#include <string_view>

#include "control-plane/http/call.hpp"
#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> stats_routes() noexcept;

// The time in the query parameter `name`. Error: invalid_input.
Result<UnixMillis> read_time(http::Call& call, std::string_view name, UnixMillis fallback);

}  // namespace fanion::cp::events
