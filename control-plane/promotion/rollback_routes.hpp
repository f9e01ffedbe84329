#pragma once

// Puts configurations of an environment back to what a past version of its ruleset has.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::promotion {

std::span<const http::Route> rollback_routes() noexcept;

}  // namespace fanion::cp::promotion
