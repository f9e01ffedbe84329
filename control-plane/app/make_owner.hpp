#pragma once

// An owner for an organisation, by whoever runs the installation (`fanion-control-plane
// make-owner`). One thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

// A member becomes an owner at once: they came by a token that somebody handed to them. Of anybody
// else the address is not proven, whether or not it has an account: the result is a one-time token
// for POST /api/v1/auth/setup, valid for 24 hours, which makes its holder an owner (identity/
// registration.hpp). Empty for a member. Errors: not_found when there is no such organisation;
// invalid_input. Throws PgError.
boost::asio::awaitable<Result<std::string>> promote_to_owner(db::Pool& pool, std::string email, std::string org_key,
                                                             UnixMillis now);

}  // namespace fanion::cp::app
