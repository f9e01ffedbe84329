#pragma once

// From the names in a path to rows. All errors are not_found, and another organisation's resource is never distinguishable
// from a missing one, because every look-up starts from the caller's organisation.

#include <boost/asio/awaitable.hpp>

#include "control-plane/http/call.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"

namespace fanion::cp::projects {

boost::asio::awaitable<Result<Project>> load_project(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<Project>> lock_project(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<Environment>> load_environment(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<LockedEnvironment>> lock_environment(http::Call& call, db::Transaction& tx);
// The role suffices for what changing this environment takes.
Result<> require_edit_permission(const http::Call& call, bool is_protected);

}  // namespace fanion::cp::projects
