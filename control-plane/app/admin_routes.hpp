#pragma once

// The admin API's one table of routes, joined from the tables of the resources' folders.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::app {

// In no particular order. Lives as long as the program.
std::span<const http::Route> admin_routes();

}  // namespace fanion::cp::app
