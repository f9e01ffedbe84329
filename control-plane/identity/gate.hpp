#pragma once

// Who asks: access tokens on the admin API, and what is written of those who are refused.

#include "control-plane/http/dispatch.hpp"

namespace fanion::cp::identity {

extern const http::Gate gate;

}  // namespace fanion::cp::identity
