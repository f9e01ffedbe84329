#pragma once

// Signing in: accepting an invitation (/auth/setup), login, refresh, logout, the current user.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> sign_in_routes() noexcept;

}  // namespace fanion::cp::identity
