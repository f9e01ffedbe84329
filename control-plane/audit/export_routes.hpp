#pragma once

// The audit log of an organisation as a file, in bounded memory.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::audit {

std::span<const http::Route> audit_export_routes() noexcept;

}  // namespace fanion::cp::audit
