#pragma once

// Signing in: one-time set-up, login, refresh, logout, who am I.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> sign_in_routes() noexcept;

}  // namespace fanion::cp::identity
