#pragma once

// Sessions of browsers, which have a cookie: signing in and out.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> browser_session_routes() noexcept;

}  // namespace fanion::cp::identity
