#pragma once

// What a new or restored environment begins with: a configuration of every flag and segment of its
// project, and its first ruleset. All functions publish; the caller has locked the project and then
// the environment. Errors: those of Edit::publish_all(). Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::projects {

// Every flag disabled and every segment empty.
boost::asio::awaitable<Result<>> fill_environment(http::Edit& edit, const LockedEnvironment& env);

// Everything as in another environment of the project, which is locked too. Keys are not copied.
boost::asio::awaitable<Result<>> copy_environment(http::Edit& edit, const LockedEnvironment& from,
                                                  const LockedEnvironment& env);

// The configurations that it had when it was deleted, brought together with the definitions of now:
// what was created since is as in a new environment, and so is what no longer fits its definition,
// or refers to what was deleted. Of each of the latter a warning and an audit record.
struct Refilled {
    std::vector<Finding> warnings;
    std::vector<http::AuditRecord> records;
};
boost::asio::awaitable<Result<Refilled>> refill_environment(http::Edit& edit, const LockedEnvironment& env);

}  // namespace fanion::cp::projects
