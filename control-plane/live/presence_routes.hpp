#pragma once

// /api/v1/orgs/{org}/presence: who looks at, or edits, a resource.

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string>

#include "control-plane/http/call.hpp"

namespace fanion::cp::live {

std::span<const http::Route> presence_routes() noexcept;

// {"resource","people":[{"id","name","is_editing"}]}: members only. Throws PgError.
boost::asio::awaitable<std::string> presence_text(http::Call& call, std::string resource);

}  // namespace fanion::cp::live
