#pragma once

// Handlers: the Prometheus servers that guards ask.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::rollouts {

std::span<const http::Route> source_routes() noexcept;

}  // namespace fanion::cp::rollouts
