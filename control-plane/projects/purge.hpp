#pragma once

// Deletes for good what was deleted longer ago than it can be restored. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::projects {

// In transactions of bounded size; several replicas may do it at once. What is left is deleted by
// the next call. Throws PgError.
boost::asio::awaitable<void> purge_deleted(db::Pool& pool, const Clock& clock);

}  // namespace fanion::cp::projects
