#pragma once

// Changes of many flags and segments as one: one transaction, one version of each environment, one
// group in the audit log.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::bulk {

std::span<const http::Route> bulk_routes() noexcept;

}  // namespace fanion::cp::bulk
