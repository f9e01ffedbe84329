#pragma once

// Serves the OpenAPI document of the admin API (proto-schemas/openapi/control-plane), which the
// build embeds.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::http {

std::span<const Route> openapi_routes() noexcept;

}  // namespace fanion::cp::http
