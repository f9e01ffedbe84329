#pragma once

// Undoing an entry of the audit log by a new change.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::audit {

std::span<const http::Route> audit_revert_routes() noexcept;

}  // namespace fanion::cp::audit
