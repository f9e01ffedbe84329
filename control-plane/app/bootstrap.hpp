#pragma once

// The first owner of a new installation (`fanion-control-plane bootstrap`). One thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

struct BootstrapRequest {
    std::string email;
    std::string org_key = "main";
    std::string org_name;  // empty: the key
};

// Creates the organisation unless it exists, and an invitation for its owner. Returns the one-time
// setup token for POST /api/v1/auth/setup, valid for 24 hours. May be repeated until a token was
// used. Errors: conflict if any organisation has an owner; invalid_input. Throws PgError.
boost::asio::awaitable<Result<std::string>> bootstrap(db::Pool& pool, BootstrapRequest request, UnixMillis now);

}  // namespace fanion::cp::app
