#pragma once

// Which relays of an environment have received a version.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::relays {

std::span<const http::Route> propagation_routes() noexcept;

}  // namespace fanion::cp::relays
