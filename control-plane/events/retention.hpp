#pragma once

// Deletes the exposures and metric events that organisations keep for a shorter time than the
// installation does. One thread.

#include <boost/asio/awaitable.hpp>

#include "control-plane/db/pool.hpp"

namespace fanion::cp::events {

// In transactions of bounded size; what is left is deleted by the next call. `most_days`: how long
// the installation keeps events. Replicas may do it at the same time. Throws PgError; what fails
// for one organisation only is thrown after the others' events were deleted.
boost::asio::awaitable<void> purge_events(db::Pool& pool, unsigned most_days);

}  // namespace fanion::cp::events
