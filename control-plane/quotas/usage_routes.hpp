#pragma once

// What an organisation uses of its quotas.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::quotas {

std::span<const http::Route> usage_routes() noexcept;

}  // namespace fanion::cp::quotas
