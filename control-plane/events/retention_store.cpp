#include "control-plane/events/retention_store.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

constexpr db::Statement find_event_settings_sql{
    "find_event_settings", "SELECT retention_days, version, updated_at FROM event_settings WHERE org_id = $1"};

awaitable<EventSettings> find_event_settings(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_event_settings_sql, org_id);
    EventSettings settings;
    if (rows.empty()) co_return settings;
    if (!rows[0].is_null(0)) settings.retention_days = static_cast<int>(rows[0].i64(0));
    settings.version = rows[0].u64(1);
    settings.updated_at = rows[0].time(2);
    co_return settings;
}

constexpr db::Statement put_event_settings_sql{
    "put_event_settings",
    "INSERT INTO event_settings (org_id, retention_days, version, updated_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (org_id) DO UPDATE SET retention_days = $2, version = $3, updated_at = $4"};

awaitable<void> put_event_settings(db::Transaction& tx, access::OrgId org_id, EventSettings settings) {
    co_await tx.run(put_event_settings_sql, org_id, settings.retention_days, settings.version,
                    db::Time{settings.updated_at.value_or(0)});
}

constexpr db::Statement orgs_with_old_events_sql{"orgs_with_old_events",
                                                 "SELECT org_id, first, past FROM orgs_with_old_events($1)"};

awaitable<std::vector<OldEvents>> orgs_with_old_events(db::Transaction& tx, unsigned most_days) {
    const auto rows = co_await tx.run(orgs_with_old_events_sql, most_days);
    std::vector<OldEvents> found;
    for (const auto row : rows) found.push_back({access::OrgId(row.string(0)), row.time(1), row.time(2)});
    co_return found;
}

constexpr db::Statement lock_old_events_sql{
    "lock_old_events",
    "SELECT 1 FROM event_settings WHERE org_id = $1 AND ($2::timestamptz AT TIME ZONE 'UTC')::date "
    "< (now() AT TIME ZONE 'UTC')::date - retention_days FOR UPDATE SKIP LOCKED"};

awaitable<bool> lock_old_events(db::Transaction& tx, access::OrgId org_id, UnixMillis day) {
    const auto rows = co_await tx.run(lock_old_events_sql, org_id, db::Time{day});
    co_return !rows.empty();
}

// The day is in one partition, so that places of rows are unique.
constexpr db::Statement delete_exposures_of_day_sql{
    "delete_exposures_of_day",
    "WITH gone AS (DELETE FROM exposures WHERE org_id = $1 AND at >= $2 AND at < $3 AND ctid = ANY "
    "(ARRAY(SELECT ctid FROM exposures WHERE org_id = $1 AND at >= $2 AND at < $3 LIMIT $4)) "
    "RETURNING 1) SELECT count(*) FROM gone"};
constexpr db::Statement delete_metric_events_of_day_sql{
    "delete_metric_events_of_day",
    "WITH gone AS (DELETE FROM metric_events WHERE org_id = $1 AND at >= $2 AND at < $3 AND ctid = ANY "
    "(ARRAY(SELECT ctid FROM metric_events WHERE org_id = $1 AND at >= $2 AND at < $3 LIMIT $4)) "
    "RETURNING 1) SELECT count(*) FROM gone"};
constexpr db::Statement keep_events_from_sql{
    "keep_events_from",
    "UPDATE event_settings SET kept_from = greatest(kept_from, ($2::timestamptz AT TIME ZONE 'UTC')::date) "
    "WHERE org_id = $1"};

awaitable<bool> delete_events_of_day(db::Transaction& tx, access::OrgId org_id, UnixMillis day, int at_most) {
    const db::Time begin{day};
    const db::Time end{day + 24LL * 60 * 60 * 1000};
    const auto exposures = co_await tx.run(delete_exposures_of_day_sql, org_id, begin, end, at_most);
    const auto metrics = co_await tx.run(delete_metric_events_of_day_sql, org_id, begin, end, at_most);
    const bool is_all = exposures[0].i64(0) < at_most && metrics[0].i64(0) < at_most;
    if (is_all) co_await tx.run(keep_events_from_sql, org_id, end);
    co_return is_all;
}

}  // namespace fanion::cp::events
