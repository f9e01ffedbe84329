#pragma once

// How often flags were evaluated, step by step.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> series_routes() noexcept;

}  // namespace fanion::cp::events
