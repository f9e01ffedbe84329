#pragma once

// The versions of an environment's ruleset: when, by whom, what changed.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::publish {

std::span<const http::Route> version_routes() noexcept;

}  // namespace fanion::cp::publish
