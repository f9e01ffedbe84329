#pragma once

// Cuts audit logs to what their retention keeps. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::audit {

// Of every organisation, in transactions of bounded size. `default_days`: where an organisation has
// set nothing; 0: for ever. What is left is deleted by the next call. Throws PgError.
boost::asio::awaitable<void> purge_audit(db::Pool& pool, const Clock& clock, unsigned default_days);

}  // namespace fanion::cp::audit
