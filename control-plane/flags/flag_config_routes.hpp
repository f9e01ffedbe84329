#pragma once

// A flag's configuration in one environment.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::flags {

std::span<const http::Route> flag_config_routes() noexcept;

}  // namespace fanion::cp::flags
