#pragma once

// Takes configurations of flags and segments from another environment, as one change.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::promotion {

std::span<const http::Route> promote_routes() noexcept;

}  // namespace fanion::cp::promotion
