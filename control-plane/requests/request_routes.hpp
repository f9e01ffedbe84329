#pragma once

// Change requests of an environment, and how many approvals it wants.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::requests {

std::span<const http::Route> request_routes() noexcept;               // list, create, get, preview, change
std::span<const http::Route> organisation_request_routes() noexcept;  // the list of all environments
std::span<const http::Route> comment_routes() noexcept;               // what people say about them
std::span<const http::Route> decision_routes() noexcept;              // approve, decline, withdraw
std::span<const http::Route> apply_routes() noexcept;                 // apply, bypass
std::span<const http::Route> approval_settings_routes() noexcept;     // of the environment

}  // namespace fanion::cp::requests
