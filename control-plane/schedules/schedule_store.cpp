#include "control-plane/schedules/schedule_store.hpp"

#include <stdexcept>

namespace fanion::cp::schedules {
namespace {

using boost::asio::awaitable;

std::optional<std::string> repeat_or_null(const Schedule& schedule) {
    if (!schedule.repeat) return std::nullopt;
    return to_text(*schedule.repeat);
}

// The first fifteen columns of every query here.
Schedule to_schedule(db::Row row) {
    Schedule schedule;
    schedule.schedule_id = ScheduleId(row.string(0));
    schedule.number = row.u64(1);
    schedule.name = row.string(2);
    schedule.change = std::move(changes_of(row.text(3)).at(0));
    if (!row.is_null(4)) schedule.repeat = repeat_of(row.text(4));
    schedule.creator = creator_of(row.text(5));
    const auto state = parse_schedule_state(row.text(6));
    if (!state) throw std::logic_error("schedules holds an unknown state");
    schedule.state = *state;
    schedule.due_at = row.time(7);
    schedule.retry_at = row.optional_time(8);
    schedule.failures = static_cast<unsigned>(row.u64(9));
    schedule.last_run_at = row.optional_time(10);
    schedule.last_error = row.string(11);
    schedule.created_at = row.time(12);
    schedule.updated_at = row.time(13);
    schedule.version = row.u64(14);
    return schedule;
}

}  // namespace

constexpr db::Statement list_schedules_sql{
    "list_schedules",
    "SELECT schedule_id, number, name, change, repeat, creator, state, due_at, retry_at, failures, "
    "last_run_at, last_error, created_at, updated_at, version FROM schedules WHERE env_id = $1 AND ($2::bigint = 0 "
    "OR number < $2::bigint) AND ($3 = '' OR state = $3) ORDER BY number DESC LIMIT $4"};

awaitable<std::vector<Schedule>> list_schedules(db::Transaction& tx, access::EnvironmentId env_id, std::uint64_t before,
                                                std::string state, std::size_t limit) {
    const auto rows = co_await tx.run(list_schedules_sql, env_id, before, state, limit);
    std::vector<Schedule> found;
    for (const auto row : rows) found.push_back(to_schedule(row));
    co_return found;
}

constexpr db::Statement find_schedule_sql{
    "find_schedule",
    "SELECT schedule_id, number, name, change, repeat, creator, state, due_at, retry_at, failures, "
    "last_run_at, last_error, created_at, updated_at, version FROM schedules WHERE env_id = $1 AND "
    "schedule_id = $2"};

awaitable<std::optional<Schedule>> find_schedule(db::Transaction& tx, access::EnvironmentId env_id,
                                                 ScheduleId schedule_id) {
    const auto rows = co_await tx.run(find_schedule_sql, env_id, schedule_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_schedule(rows[0]);
}

constexpr db::Statement lock_schedule_sql{
    "lock_schedule",
    "SELECT schedule_id, number, name, change, repeat, creator, state, due_at, retry_at, failures, "
    "last_run_at, last_error, created_at, updated_at, version FROM schedules WHERE env_id = $1 AND "
    "schedule_id = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<Schedule>> lock_schedule(db::Transaction& tx, access::EnvironmentId env_id,
                                                 ScheduleId schedule_id) {
    const auto rows = co_await tx.run(lock_schedule_sql, env_id, schedule_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_schedule(rows[0]);
}

constexpr db::Statement lock_schedules_of_sql{
    "lock_schedules_of",
    "SELECT schedule_id, number, name, change, repeat, creator, state, due_at, retry_at, failures, "
    "last_run_at, last_error, created_at, updated_at, version FROM schedules WHERE env_id = $1 AND state IN "
    "('active', 'paused') AND strpos(change, $2) > 0 ORDER BY number FOR NO KEY UPDATE SKIP LOCKED"};

// PostgreSQL does not parse the JSON: that fails for the whole statement where a change has U+0000.
awaitable<std::vector<Schedule>> lock_schedules_of(db::Transaction& tx, access::EnvironmentId env_id,
                                                   std::string path) {
    const auto text = '"' + path + '"';
    const auto rows = co_await tx.run(lock_schedules_of_sql, env_id, text);
    std::vector<Schedule> found;
    for (const auto row : rows) {
        auto schedule = to_schedule(row);
        if (schedule.change.path == path) found.push_back(std::move(schedule));
    }
    co_return found;
}

constexpr db::Statement count_kept_schedules_sql{
    "count_kept_schedules", "SELECT count(*) FROM schedules WHERE org_id = $1 AND state IN ('active', 'paused')"};

awaitable<std::size_t> count_kept_schedules(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_kept_schedules_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement insert_schedule_sql{
    "insert_schedule",
    "INSERT INTO schedules (schedule_id, org_id, env_id, name, change, repeat, creator, state, due_at, "
    "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9, $9)"};

awaitable<void> insert_schedule(db::Transaction& tx, const projects::Environment& env, const Schedule& schedule) {
    const std::vector<Change> changes(1, schedule.change);
    co_await tx.run(insert_schedule_sql, schedule.schedule_id, env.org_id, env.env_id, schedule.name, to_text(changes),
                    repeat_or_null(schedule), to_text(schedule.creator), db::Time{schedule.due_at},
                    db::Time{schedule.created_at});
}

constexpr db::Statement update_schedule_sql{
    "update_schedule",
    "UPDATE schedules SET state = $2, due_at = $3, retry_at = $4, failures = $5, last_run_at = $6, "
    "last_error = $7, updated_at = $8, version = $9, name = $10, repeat = $11 WHERE schedule_id = $1"};

awaitable<void> update_schedule(db::Transaction& tx, const Schedule& schedule) {
    co_await tx.run(update_schedule_sql, schedule.schedule_id, name_of(schedule.state), db::Time{schedule.due_at},
                    db::to_time(schedule.retry_at), schedule.failures, db::to_time(schedule.last_run_at),
                    schedule.last_error, db::Time{schedule.updated_at}, schedule.version, schedule.name,
                    repeat_or_null(schedule));
}

constexpr db::Statement due_schedules_sql{"due_schedules",
                                          "SELECT org_id, org_key, schedule_id FROM due_schedules($1, $2)"};

awaitable<std::vector<DueSchedule>> due_schedules(db::Pool& pool, UnixMillis now, std::size_t at_most) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), due_schedules_sql, db::Time{now}, at_most);
    std::vector<DueSchedule> found;
    for (const auto row : rows)
        found.push_back({access::OrgId(row.string(0)), row.string(1), ScheduleId(row.string(2))});
    co_return found;
}

constexpr db::Statement claim_schedule_sql{
    "claim_schedule",
    "SELECT s.schedule_id, s.number, s.name, s.change, s.repeat, s.creator, s.state, s.due_at, s.retry_at, "
    "s.failures, s.last_run_at, s.last_error, s.created_at, s.updated_at, s.version, p.key, e.key, "
    "e.deleted_at IS NOT NULL FROM "
    "schedules s JOIN environments e USING (env_id) JOIN projects p USING (project_id) WHERE s.org_id = $1 "
    "AND s.schedule_id = $2 AND s.state = 'active' AND coalesce(s.retry_at, s.due_at) <= $3 FOR NO KEY "
    "UPDATE OF s SKIP LOCKED"};

awaitable<std::optional<ClaimedSchedule>> claim_schedule(db::Transaction& tx, access::OrgId org_id,
                                                         ScheduleId schedule_id, UnixMillis now) {
    const auto rows = co_await tx.run(claim_schedule_sql, org_id, schedule_id, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return ClaimedSchedule{to_schedule(rows[0]), rows[0].string(15), rows[0].string(16), rows[0].boolean(17)};
}

constexpr db::Statement schedule_backlog_sql{"schedule_backlog",
                                             "SELECT active, due, oldest FROM schedule_backlog($1)"};

awaitable<ScheduleBacklog> read_schedule_backlog(db::Pool& pool, UnixMillis now) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), schedule_backlog_sql, db::Time{now});
    co_return ScheduleBacklog{rows[0].u64(0), rows[0].u64(1), rows[0].optional_time(2)};
}

}  // namespace fanion::cp::schedules
