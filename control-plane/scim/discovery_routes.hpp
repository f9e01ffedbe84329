#pragma once

// What SCIM tells clients about itself.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::scim {

std::span<const http::Route> discovery_routes() noexcept;

}  // namespace fanion::cp::scim
