#pragma once

// Roles of members in single projects and environments: list, give, take away.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::roles {

std::span<const http::Route> assignment_routes() noexcept;

}  // namespace fanion::cp::roles
