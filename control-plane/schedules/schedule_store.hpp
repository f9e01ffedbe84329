#pragma once

// Schedules: their rows. Functions run in the caller's transaction, whose scope is the
// organisation, but for due_schedules() and read_backlog(). Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/schedules/schedule.hpp"

namespace fanion::cp::schedules {

// Newest first: the first `limit` with a number below `before`, if it is not 0, and in the state,
// if it has a name.
boost::asio::awaitable<std::vector<Schedule>> list_schedules(db::Transaction& tx, access::EnvironmentId env_id,
                                                             std::uint64_t before, std::string state,
                                                             std::size_t limit);
boost::asio::awaitable<std::optional<Schedule>> find_schedule(db::Transaction& tx, access::EnvironmentId env_id,
                                                              ScheduleId schedule_id);
// The same, its row locked.
boost::asio::awaitable<std::optional<Schedule>> lock_schedule(db::Transaction& tx, access::EnvironmentId env_id,
                                                              ScheduleId schedule_id);
// The active and paused ones whose change is of the path, their rows locked; without those that
// another transaction has locked.
boost::asio::awaitable<std::vector<Schedule>> lock_schedules_of(db::Transaction& tx, access::EnvironmentId env_id,
                                                                std::string path);
boost::asio::awaitable<std::size_t> count_kept_schedules(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> insert_schedule(db::Transaction& tx, const projects::Environment& env,
                                             const Schedule& schedule);
// Writes state, times, failures and version.
boost::asio::awaitable<void> update_schedule(db::Transaction& tx, const Schedule& schedule);

struct DueSchedule {
    access::OrgId org_id;
    std::string org_key;
    ScheduleId schedule_id;
};
// Of all organisations.
boost::asio::awaitable<std::vector<DueSchedule>> due_schedules(db::Pool& pool, UnixMillis now, std::size_t at_most);
struct ClaimedSchedule {
    Schedule schedule;
    std::string project;      // key
    std::string environment;  // key
    bool is_environment_deleted = false;
};
// Locks the schedule until the transaction ends; nullopt when it is no longer due, or another
// transaction has it, or the environment is deleted and the transaction does not show that.
boost::asio::awaitable<std::optional<ClaimedSchedule>> claim_schedule(db::Transaction& tx, access::OrgId org_id,
                                                                      ScheduleId schedule_id, UnixMillis now);

struct ScheduleBacklog {
    std::uint64_t active = 0;
    std::uint64_t due = 0;
    std::optional<UnixMillis> oldest_due;
};
// Of all organisations.
boost::asio::awaitable<ScheduleBacklog> read_schedule_backlog(db::Pool& pool, UnixMillis now);

}  // namespace fanion::cp::schedules
