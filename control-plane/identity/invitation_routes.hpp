#pragma once

// The routes of open invitations; an organisation's admins give, list and withdraw them.

#include <span>

#include "control-plane/http/route.hpp"

namespace fanion::cp::identity {

std::span<const http::Route> invitation_routes() noexcept;

}  // namespace fanion::cp::identity
