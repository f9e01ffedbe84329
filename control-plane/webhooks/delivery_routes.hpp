#pragma once

// The delivery log of a webhook, and replay.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::webhooks {

std::span<const http::Route> delivery_routes() noexcept;

}  // namespace fanion::cp::webhooks
