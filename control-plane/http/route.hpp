#pragma once

// A route of the admin API: method, pattern, permission, handler. None without a permission. Each folder has its own table;
// control-plane/app/admin_routes joins them.

#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/router.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/http/services.hpp"

namespace fanion::cp::http {

struct Call;
// An error becomes a problem document in http/dispatch, and nowhere else.
using Answer = boost::asio::awaitable<Result<net::Response>>;
using Handler = Answer (*)(Call&);

struct Route {
    net::Method method;
    std::string_view pattern;
    access::Permission permission;  // the least; changing a protected environment takes more (access::to_change)
    Handler handler;
    std::string_view query = "";  // names of the query parameters it takes, separated by spaces
};

}  // namespace fanion::cp::http
