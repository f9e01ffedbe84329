#pragma once

// Organisations.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::projects {

std::span<const http::Route> organisation_routes() noexcept;

}  // namespace fanion::cp::projects
