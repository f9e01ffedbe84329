#pragma once

// Whether the audit log of an organisation is a chain, and is the one that its rulesets name.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::audit {

std::span<const http::Route> audit_verification_routes() noexcept;

}  // namespace fanion::cp::audit
