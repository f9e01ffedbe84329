#pragma once

// SCIM's /Groups: the groups of an organisation's directory.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::scim {

std::span<const http::Route> directory_group_routes() noexcept;

}  // namespace fanion::cp::scim
