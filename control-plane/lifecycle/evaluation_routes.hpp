#pragma once

// When, how and through whom a flag was last evaluated.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::lifecycle {

std::span<const http::Route> evaluation_routes() noexcept;

}  // namespace fanion::cp::lifecycle
