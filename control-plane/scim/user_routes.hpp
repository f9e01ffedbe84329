#pragma once

// SCIM's /Users: the people that an organisation's directory provides.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::scim {

std::span<const http::Route> user_routes() noexcept;

}  // namespace fanion::cp::scim
