#pragma once

// Storing a new schedule, as a part of an edit. Throws PgError.

#include <boost/asio/awaitable.hpp>

#include "control-plane/http/edit.hpp"
#include "control-plane/schedules/schedule.hpp"

namespace fanion::cp::schedules {

// Error: conflict, when the organisation has as many as it may.
boost::asio::awaitable<Result<>> require_schedule_room(http::Edit& edit);
// By the caller. Error: conflict, when the organisation has as many as it may.
boost::asio::awaitable<Result<Schedule>> keep_schedule(http::Edit& edit, const projects::Environment& env,
                                                       NewSchedule made);
// The path of an environment's schedules.
std::string schedules_path(const http::Call& call);

}  // namespace fanion::cp::schedules
