#pragma once

// How often each flag gave each variation, as counted by the relays.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> stats_routes() noexcept;

}  // namespace fanion::cp::events
