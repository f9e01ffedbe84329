#pragma once

// Segments' names and descriptions: what does not differ between environments and does not travel.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::segments {

std::span<const http::Route> segment_routes() noexcept;

}  // namespace fanion::cp::segments
