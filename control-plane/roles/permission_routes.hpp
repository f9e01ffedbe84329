#pragma once

// What the caller may do: in the organisation, in each project and in each environment.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::roles {

std::span<const http::Route> permission_routes() noexcept;

}  // namespace fanion::cp::roles
