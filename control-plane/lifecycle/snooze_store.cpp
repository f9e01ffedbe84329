#include "control-plane/lifecycle/snooze_store.hpp"

namespace fanion::cp::lifecycle {
namespace {

using boost::asio::awaitable;

Snooze to_snooze(db::Row row) {
    Snooze snooze;
    snooze.until = row.time(1);
    for (const auto& name : row.texts(2))
        if (const auto reason = parse_reason(name)) snooze.reasons.push_back(*reason);
    snooze.comment = row.string(3);
    snooze.actor_kind = row.string(4);
    snooze.actor_id = row.string(5);
    snooze.created_at = row.time(6);
    snooze.actor_email = row.string(7);
    return snooze;
}

}  // namespace

constexpr db::Statement list_snoozes_sql{
    "list_snoozes",
    "SELECT f.key, s.until, s.reasons, s.comment, s.actor_kind, s.actor_id, s.created_at, coalesce(e.email, '') "
    "FROM flag_snoozes s JOIN flags f USING (flag_id) LEFT JOIN LATERAL actor_emails(ARRAY[s.actor_id]) e ON true "
    "WHERE f.project_id = $1 AND f.deleted_at IS NULL AND f.key COLLATE \"C\" >= $2 "
    "AND ($3::text IS NULL OR f.key COLLATE \"C\" <= $3) AND s.until > $4 ORDER BY f.key COLLATE \"C\""};

awaitable<std::vector<SnoozedFlag>> list_snoozes(db::Transaction& tx, access::ProjectId project_id,
                                                 events::KeyRange range, UnixMillis now) {
    const auto rows = co_await tx.run(list_snoozes_sql, project_id, range.first, range.last, db::Time{now});
    std::vector<SnoozedFlag> found;
    for (const auto row : rows) found.push_back({row.string(0), to_snooze(row)});
    co_return found;
}

constexpr db::Statement find_snooze_sql{
    "find_snooze",
    "SELECT '', until, reasons, comment, actor_kind, actor_id, created_at, '' FROM flag_snoozes "
    "WHERE flag_id = $1 AND until > $2"};

awaitable<std::optional<Snooze>> find_snooze(db::Transaction& tx, access::FlagId flag_id, UnixMillis now) {
    const auto rows = co_await tx.run(find_snooze_sql, flag_id, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return to_snooze(rows[0]);
}

constexpr db::Statement put_snooze_sql{
    "put_snooze",
    "INSERT INTO flag_snoozes (org_id, flag_id, until, reasons, comment, actor_kind, actor_id, created_at) "
    "VALUES ($1, $2, $3, $4::text[], $5, $6, $7, $8) ON CONFLICT (flag_id) DO UPDATE SET until = $3, reasons = $4, "
    "comment = $5, actor_kind = $6, actor_id = $7, created_at = $8"};

awaitable<void> put_snooze(db::Transaction& tx, access::OrgId org_id, access::FlagId flag_id, Snooze snooze) {
    std::vector<std::string> reasons;
    for (const auto reason : snooze.reasons) reasons.emplace_back(name_of(reason));
    co_await tx.run(put_snooze_sql, org_id, flag_id, db::Time{snooze.until}, reasons, snooze.comment, snooze.actor_kind,
                    snooze.actor_id, db::Time{snooze.created_at});
}

constexpr db::Statement delete_snooze_sql{"delete_snooze", "DELETE FROM flag_snoozes WHERE flag_id = $1"};

awaitable<void> delete_snooze(db::Transaction& tx, access::FlagId flag_id) {
    co_await tx.run(delete_snooze_sql, flag_id);
}

}  // namespace fanion::cp::lifecycle
