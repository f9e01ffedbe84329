#pragma once

// The admin API's one table of routes, joined from the tables of the resources' folders.
// Thread-safe.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::app {

// In no particular order. Valid until the program ends.
std::span<const http::Route> admin_routes();

}  // namespace fanion::cp::app
