#pragma once

// The differences between two environments of a project.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::promotion {

std::span<const http::Route> compare_routes() noexcept;

}  // namespace fanion::cp::promotion
