#pragma once

// Authentication of the admin API by access tokens, and the audit of refused requests. Stateless.

#include "control-plane/http/dispatch.hpp"

namespace fanion::cp::identity {

extern const http::Gate gate;

}  // namespace fanion::cp::identity
