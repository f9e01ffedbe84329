#pragma once

// For a person who has lost their second factor and its recovery codes (`fanion-control-plane
// remove-second-factor`). One thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

// From then on the password alone signs the person in. Each of the person's organisations has an
// entry about it in its audit log. Errors: not_found when the address has no account, or the
// account no second factor. Throws PgError.
boost::asio::awaitable<Result<>> remove_second_factor(db::Pool& pool, std::string email, UnixMillis now);

}  // namespace fanion::cp::app
