#pragma once

// People release or withdraw what is held in an environment (docs/admin-api.md, Stages).

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::staging {

std::span<const http::Route> stage_routes() noexcept;

}  // namespace fanion::cp::staging
