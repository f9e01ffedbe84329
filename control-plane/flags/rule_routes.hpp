#pragma once

// POST /api/v1/rules/parse: the text of a condition as a tree.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> rule_routes() noexcept;

}  // namespace fanion::cp::flags
