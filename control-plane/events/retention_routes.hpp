#pragma once

// What an organisation sets for its exposures and metric events: the retention.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> event_settings_routes() noexcept;

}  // namespace fanion::cp::events
