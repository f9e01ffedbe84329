#pragma once

// The caller: who they are, what they may do, and what user interfaces keep for them.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> me_routes() noexcept;

}  // namespace fanion::cp::identity
