#pragma once

// The caller's own personal tokens.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::tokens {

std::span<const http::Route> personal_token_routes() noexcept;

}  // namespace fanion::cp::tokens
