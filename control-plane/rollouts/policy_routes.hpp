#pragma once

// Handlers: the policies of a project for rollouts.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::rollouts {

std::span<const http::Route> policy_routes() noexcept;

}  // namespace fanion::cp::rollouts
