#pragma once

// The description of this API, as proto-schemas/openapi/control-plane has it; embedded when the program is built.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::http {

std::span<const Route> openapi_routes() noexcept;

}  // namespace fanion::cp::http
