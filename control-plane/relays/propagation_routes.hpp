#pragma once

// How far the relays of an environment are with a version.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::relays {

std::span<const http::Route> propagation_routes() noexcept;

}  // namespace fanion::cp::relays
