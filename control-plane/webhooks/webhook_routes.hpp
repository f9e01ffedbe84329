#pragma once

// Webhooks of an organisation: create, read, change, delete, new secret, test message.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::webhooks {

std::span<const http::Route> webhook_routes() noexcept;

}  // namespace fanion::cp::webhooks
