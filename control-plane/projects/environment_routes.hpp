#pragma once

// Environments. A new one has every flag of the project, disabled, and every segment, empty.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::projects {

std::span<const http::Route> environment_routes() noexcept;

}  // namespace fanion::cp::projects
