#pragma once

// The values of a segment's lists in one environment: read in pages, changed in parts.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::segments {

std::span<const http::Route> member_routes() noexcept;

}  // namespace fanion::cp::segments
