#pragma once

// Snoozing a flag that the report says is done with.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::lifecycle {

std::span<const http::Route> snooze_routes() noexcept;

}  // namespace fanion::cp::lifecycle
