#pragma once

// GET /api/v1/orgs/{org}/projects/{project}/environments/{env}/attributes: which attributes
// evaluated contexts had, for people who write rules.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::attributes {

std::span<const http::Route> attribute_routes() noexcept;

}  // namespace fanion::cp::attributes
