#pragma once

// A request to another route of the admin API on behalf of the caller, within this process: one
// handler does what another one offers, with its permission, its checks and its audit entry. One
// thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/response.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::audit {

struct InnerRequest {
    net::Method method = net::Method::get;
    std::string resource;  // below the caller's organisation, as audit entries write it
    std::string body = {};
    std::string if_match = {};
    std::string comment = {};
    bool is_dry_run = false;
};

// Whether there is such a route.
bool has_route(const http::Call& outer, net::Method method, std::string_view resource);

// Errors: not_found where there is no such route; forbidden; those of the handler.
boost::asio::awaitable<Result<net::Response>> call_route(http::Call& outer, InnerRequest inner);

}  // namespace fanion::cp::audit
