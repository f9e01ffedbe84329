#pragma once

// The signed ruleset of an environment, as relays receive it.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::publish {

std::span<const http::Route> ruleset_routes() noexcept;

}  // namespace fanion::cp::publish
