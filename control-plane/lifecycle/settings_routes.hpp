#pragma once

// What a project has set for the report on its flags.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::lifecycle {

std::span<const http::Route> lifecycle_settings_routes() noexcept;

}  // namespace fanion::cp::lifecycle
