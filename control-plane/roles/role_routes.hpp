#pragma once

// Roles of an organisation: list, create, change, delete. Built-in ones are only shown.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::roles {

std::span<const http::Route> role_routes() noexcept;

}  // namespace fanion::cp::roles
