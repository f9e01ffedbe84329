#pragma once

// The report on the flags of a project that are done with.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::lifecycle {

std::span<const http::Route> lifecycle_routes() noexcept;

}  // namespace fanion::cp::lifecycle
