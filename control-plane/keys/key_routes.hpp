#pragma once

// Keys of applications and relays: of an environment, of a project, or of the whole organisation.
// An environment's keys are items of its ruleset; relays that hold it know a key or its revocation
// with the next push.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::keys {

std::span<const http::Route> key_routes() noexcept;

}  // namespace fanion::cp::keys
