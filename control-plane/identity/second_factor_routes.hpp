#pragma once

// The caller's own second factor: setting it up, its recovery codes, removing it.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> second_factor_routes() noexcept;

}  // namespace fanion::cp::identity
