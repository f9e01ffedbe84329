#pragma once

// Accounts that people make themselves, where the operator allows it (--registration).

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> registration_routes() noexcept;

}  // namespace fanion::cp::identity
