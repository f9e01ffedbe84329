#pragma once

// What depends on a flag, or on one of its variations.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> use_routes() noexcept;

}  // namespace fanion::cp::flags
