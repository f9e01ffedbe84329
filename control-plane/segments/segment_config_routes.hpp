#pragma once

// A segment's members in one environment.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::segments {

std::span<const http::Route> segment_config_routes() noexcept;

}  // namespace fanion::cp::segments
