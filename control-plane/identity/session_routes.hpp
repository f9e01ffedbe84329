#pragma once

// The caller's own sessions: list them, and end one or all others.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> session_routes() noexcept;

}  // namespace fanion::cp::identity
