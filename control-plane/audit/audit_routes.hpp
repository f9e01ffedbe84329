#pragma once

// The audit log of an organisation.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::audit {

std::span<const http::Route> audit_routes() noexcept;

}  // namespace fanion::cp::audit
