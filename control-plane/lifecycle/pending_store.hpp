#pragma once

// What waits to change flags: open change requests, schedules and rollouts. Functions run in the
// caller's transaction, whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::lifecycle {

// Of one flag in one environment; at least one of the numbers is not 0.
struct PendingChanges {
    access::EnvironmentId env_id;
    std::string flag;
    std::uint64_t requests = 0;   // that are open
    std::uint64_t schedules = 0;  // active and paused ones
    std::uint64_t rollouts = 0;   // that have not ended
};
boost::asio::awaitable<std::vector<PendingChanges>> list_pending_changes(
    db::Transaction& tx, std::vector<access::EnvironmentId> environments);

}  // namespace fanion::cp::lifecycle
