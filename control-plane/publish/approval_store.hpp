#pragma once

// How many approvals a change of an environment's flags and segments takes. Functions run in the
// caller's transaction, whose scope is the organisation. Throw PgError.

#include <boost/asio/awaitable.hpp>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::publish {

inline constexpr unsigned most_approvals = 10;

// 0: changes need no request. With the environment locked, it stays what it is until the
// transaction ends.
boost::asio::awaitable<unsigned> approvals_of(db::Transaction& tx, access::EnvironmentId env_id);
boost::asio::awaitable<void> set_approvals(db::Transaction& tx, const projects::LockedEnvironment& env,
                                           unsigned approvals);

}  // namespace fanion::cp::publish
