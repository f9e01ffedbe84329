#pragma once

// What an organisation sets for its audit log: the retention.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::audit {

std::span<const http::Route> audit_settings_routes() noexcept;

}  // namespace fanion::cp::audit
