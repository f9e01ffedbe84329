#pragma once

// Projects. A new one has three environments, the last protected.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::projects {

std::span<const http::Route> project_routes() noexcept;

}  // namespace fanion::cp::projects
