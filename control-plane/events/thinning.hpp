#pragma once

// Thins the counts of evaluations by age. Any number of replicas may do it. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::events {

// In transactions of bounded size; then forgets what is known of evaluations that nobody asks for
// any more. What is left is thinned by the next call. Throws PgError.
boost::asio::awaitable<void> thin_evaluations(db::Pool& pool, const Clock& clock);

}  // namespace fanion::cp::events
