#pragma once

// The groups that are known of an organisation's people, and the roles that they give.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::groups {

std::span<const http::Route> group_routes() noexcept;

}  // namespace fanion::cp::groups
