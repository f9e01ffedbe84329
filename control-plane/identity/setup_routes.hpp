#pragma once

// The routes that take one-time tokens: accepting an invitation and resetting a password. They
// start a session.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> setup_routes() noexcept;

}  // namespace fanion::cp::identity
