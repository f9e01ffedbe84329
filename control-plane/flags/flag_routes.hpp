#pragma once

// Flags' definitions: what does not differ between environments.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> flag_routes() noexcept;

}  // namespace fanion::cp::flags
