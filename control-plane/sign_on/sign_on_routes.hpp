#pragma once

// Single sign-on in a browser, and the tokens of a program that asked for it.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::sign_on {

std::span<const http::Route> sign_on_routes() noexcept;

}  // namespace fanion::cp::sign_on
