#pragma once

// Members of an organisation: list, invite, change the role, remove.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> member_routes() noexcept;

}  // namespace fanion::cp::identity
