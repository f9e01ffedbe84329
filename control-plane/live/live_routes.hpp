#pragma once

// GET /api/v1/orgs/{org}/events: live changes as server-sent events.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::live {

std::span<const http::Route> live_routes() noexcept;

}  // namespace fanion::cp::live
