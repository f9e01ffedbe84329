#pragma once

// Storing a new schedule, and ending those that have become pointless, as a part of an edit. Throws
// PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/schedules/schedule.hpp"

namespace fanion::cp::schedules {

// Error: conflict, when the organisation has as many as it may.
boost::asio::awaitable<Result<>> require_schedule_room(http::Edit& edit);
// By the caller. Error: conflict, when the organisation has as many as it may.
boost::asio::awaitable<Result<Schedule>> keep_schedule(http::Edit& edit, const projects::Environment& env,
                                                       NewSchedule made);
// Cancels those whose change is of the path (below the organisation), with the reason as their last
// error; the entries for the audit log. Not the one that is being carried out, nor one that another
// transaction has locked: it finds at its time that there is nothing left to do.
boost::asio::awaitable<std::vector<http::AuditRecord>> cancel_schedules_of(http::Edit& edit,
                                                                           const projects::Environment& env,
                                                                           std::string path, std::string reason);
// The path of an environment's schedules.
std::string schedules_path(const http::Call& call);

}  // namespace fanion::cp::schedules
