#pragma once

// Changes at a time, or repeating, in an environment.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::schedules {

std::span<const http::Route> schedule_routes() noexcept;

}  // namespace fanion::cp::schedules
