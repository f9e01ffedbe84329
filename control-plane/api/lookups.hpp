#pragma once

// From the names in a path to rows. All errors are not_found, and another organisation's resource is never distinguishable
// from a missing one, because every look-up starts from the caller's organisation.

#include <boost/asio/awaitable.hpp>

#include "control-plane/api/call.hpp"
#include "control-plane/store/environments.hpp"
#include "control-plane/store/flags.hpp"
#include "control-plane/store/projects.hpp"
#include "control-plane/store/segments.hpp"

namespace fanion::api {

boost::asio::awaitable<Result<store::Project>> the_project(Call& call, pg::Transaction& tx);
boost::asio::awaitable<Result<store::Project>> the_locked_project(Call& call, pg::Transaction& tx);
boost::asio::awaitable<Result<store::Environment>> the_environment(Call& call, pg::Transaction& tx);
boost::asio::awaitable<Result<store::LockedEnvironment>> the_locked_environment(Call& call, pg::Transaction& tx);
// No tombstones.
boost::asio::awaitable<Result<store::Flag>> the_flag(Call& call, pg::Transaction& tx, std::string project_id);
boost::asio::awaitable<Result<store::Segment>> the_segment(Call& call, pg::Transaction& tx, std::string project_id);

// The role suffices for what changing this environment takes.
Result<> may_change(const Call& call, bool is_protected);

}  // namespace fanion::api
