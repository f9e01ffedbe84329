#pragma once

// A one-time token for a person who cannot sign in (`fanion-control-plane reset-password`). One
// thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

// Returns the token for POST /api/v1/auth/reset, valid for 24 hours. Nothing changes before it is
// used, but each of the person's organisations has an entry about it in its audit log. Error:
// not_found when the address has no account. Throws PgError.
boost::asio::awaitable<Result<std::string>> make_password_reset(db::Pool& pool, std::string email, UnixMillis now);

}  // namespace fanion::cp::app
