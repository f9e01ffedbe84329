#pragma once

// Handlers: rollouts of an environment, and what people do with them.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::rollouts {

std::span<const http::Route> rollout_routes() noexcept;
// The plan of one that is under way.
std::span<const http::Route> plan_routes() noexcept;

}  // namespace fanion::cp::rollouts
