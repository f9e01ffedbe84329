#pragma once

// The evaluations of many flags over the last day, for small plots in a list of flags.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::events {

std::span<const http::Route> spark_routes() noexcept;

}  // namespace fanion::cp::events
