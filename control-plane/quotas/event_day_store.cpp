#include "control-plane/quotas/event_day_store.hpp"

#include "control-plane/quotas/quota_store.hpp"

namespace fanion::cp::quotas {

using boost::asio::awaitable;

// A sum that would not fit stays at the largest number.
constexpr db::Statement add_events_sql{
    "add_events_of_day",
    "INSERT INTO event_days AS d (org_id, day, events) "
    "VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, least($3::numeric, 9223372036854775807)::bigint) "
    "ON CONFLICT (org_id, day) DO UPDATE SET events = least(d.events::numeric + excluded.events, "
    "9223372036854775807)::bigint RETURNING events, exceeded_at IS NOT NULL, "
    "EXISTS (SELECT FROM org_quotas WHERE org_id = $1 AND quota = $4), "
    "(SELECT max_count FROM org_quotas WHERE org_id = $1 AND quota = $4)"};

awaitable<EventDay> add_events(db::Transaction& tx, const Quotas& installation, access::OrgId org_id,
                               std::uint64_t events, UnixMillis now) {
    constexpr auto quota = Quota::events_per_day;
    const auto rows = co_await tx.run(add_events_sql, org_id, db::Time{now}, events, name_of(quota));
    const auto row = rows[0];
    EventDay day{row.u64(0), installation.of(quota), row.boolean(1)};
    if (row.boolean(2)) day.limit = row.is_null(3) ? Limit() : Limit(row.u64(3));
    co_return day;
}

constexpr db::Statement find_event_day_sql{"find_event_day",
                                           "SELECT events, exceeded_at IS NOT NULL FROM event_days WHERE org_id = $1 "
                                           "AND day = ($2::timestamptz AT TIME ZONE 'UTC')::date"};

awaitable<EventDay> find_event_day(db::Transaction& tx, const Quotas& installation, access::OrgId org_id,
                                   UnixMillis now) {
    const auto own = co_await find_own_quotas(tx, org_id);
    const auto rows = co_await tx.run(find_event_day_sql, org_id, db::Time{now});
    EventDay found;
    found.limit = combined(installation, own).of(Quota::events_per_day);
    if (rows.empty()) co_return found;
    found.events = rows[0].u64(0);
    found.is_noted = rows[0].boolean(1);
    co_return found;
}

constexpr db::Statement note_exceeded_sql{
    "note_events_exceeded",
    "UPDATE event_days SET exceeded_at = $2 WHERE org_id = $1 AND exceeded_at IS NULL "
    "AND day = ($2::timestamptz AT TIME ZONE 'UTC')::date"};

awaitable<bool> note_exceeded(db::Transaction& tx, access::OrgId org_id, UnixMillis now) {
    const auto rows = co_await tx.run(note_exceeded_sql, org_id, db::Time{now});
    co_return rows.affected() == 1;
}

constexpr db::Statement purge_event_days_sql{"purge_event_days", "SELECT purge_event_days()"};

awaitable<void> purge_event_days(db::Pool& pool) {
    auto scope = db::Scope::none();
    co_await pool.run_once(std::move(scope), purge_event_days_sql);
}

}  // namespace fanion::cp::quotas
