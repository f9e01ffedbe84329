#pragma once

// What an organisation requires of the sign-in of its members.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> sign_in_settings_routes() noexcept;

}  // namespace fanion::cp::identity
