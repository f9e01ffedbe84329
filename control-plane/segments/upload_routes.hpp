#pragma once

// Files of values that are larger than the body of a request: uploaded in parts, applied as one
// change.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::segments {

std::span<const http::Route> upload_routes() noexcept;

}  // namespace fanion::cp::segments
