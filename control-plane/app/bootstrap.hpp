#pragma once

// The first owner of a new installation (`fanion-control-plane bootstrap`).

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

// Makes the organisation where it is not there yet, and an invitation of its owner; returns the one-time token for
// POST /api/v1/auth/setup, valid 24 hours. May be repeated until someone has used one.
// Errors: conflict once there is an owner, invalid_input. Throws PgError.
boost::asio::awaitable<Result<std::string>> bootstrap(db::Pool& pool, BootstrapRequest request, UnixMillis now);

}  // namespace fanion::cp::app
