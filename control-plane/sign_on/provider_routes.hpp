#pragma once

// The identity providers of an organisation.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::sign_on {

std::span<const http::Route> provider_routes() noexcept;

}  // namespace fanion::cp::sign_on
