#pragma once

// A new flag like another.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> clone_routes() noexcept;

}  // namespace fanion::cp::flags
