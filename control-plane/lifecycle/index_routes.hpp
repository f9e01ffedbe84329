#pragma once

// All flags of a project in one response, for programs that search and draw them by themselves.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::lifecycle {

std::span<const http::Route> index_routes() noexcept;

}  // namespace fanion::cp::lifecycle
