#pragma once

// /api/v1/orgs/{org}/projects/{project}/views and /contexts.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::saved {

std::span<const http::Route> saved_routes() noexcept;

}  // namespace fanion::cp::saved
