#pragma once

// Service accounts of an organisation and their tokens.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::tokens {

std::span<const http::Route> service_token_routes() noexcept;

}  // namespace fanion::cp::tokens
