#pragma once

// GET /api/v1/orgs/{org}/relays: what the relays of an organisation last reported.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::relays {

std::span<const http::Route> report_routes() noexcept;

}  // namespace fanion::cp::relays
