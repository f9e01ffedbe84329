#pragma once

// What each relay has delivered and dropped, to be compared with what the relay says of itself.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> ledger_routes() noexcept;

}  // namespace fanion::cp::events
