#pragma once

// The playground: what a flag evaluates to for a context and why, as published or with a
// configuration that is not saved.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> playground_routes() noexcept;

}  // namespace fanion::cp::flags
