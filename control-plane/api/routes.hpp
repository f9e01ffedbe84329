#pragma once

// The admin API's one table of routes: method, pattern, permission, handler. No route without a permission.

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string_view>

#include "common/net/router.hpp"
#include "control-plane/api/services.hpp"
#include "control-plane/domain/access.hpp"

namespace fanion::api {

struct Call;
using Handler = boost::asio::awaitable<net::Response> (*)(Call&);

struct Route {
    net::Method method;
    std::string_view pattern;
    domain::Permission permission;  // the least; changing a protected environment takes more (domain::to_change)
    Handler handler;
    std::string_view query = "";  // names of the query parameters it takes, separated by spaces
};

std::span<const Route> routes() noexcept;

// `services` outlives the router.
void add_routes(net::Router& router, Services& services);

}  // namespace fanion::api
