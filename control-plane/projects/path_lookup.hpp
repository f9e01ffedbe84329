#pragma once

// From the names in a request's path to rows. Errors: not_found. Every look-up starts from the
// caller's organisation, so that another organisation's resource cannot be told from a missing one.
// Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "control-plane/http/call.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"

namespace fanion::cp::projects {

boost::asio::awaitable<Result<Project>> load_project(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<Project>> lock_project(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<Environment>> load_environment(http::Call& call, db::Transaction& tx);
boost::asio::awaitable<Result<LockedEnvironment>> lock_environment(http::Call& call, db::Transaction& tx);
// In their order, without those that the caller may not read.
boost::asio::awaitable<std::vector<Environment>> list_readable_environments(const http::Call& call, db::Transaction& tx,
                                                                            access::ProjectId project_id);
// Error (forbidden): the caller's role does not suffice for changing an environment that is (or is
// not) protected.
Result<> require_edit_permission(const http::Call& call, bool is_protected);

}  // namespace fanion::cp::projects
