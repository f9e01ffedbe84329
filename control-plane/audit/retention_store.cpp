#include "control-plane/audit/retention_store.hpp"

#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::audit {

using boost::asio::awaitable;

constexpr db::Statement find_audit_settings_sql{
    "find_audit_settings", "SELECT retention_days, version, updated_at FROM audit_settings WHERE org_id = $1"};

awaitable<AuditSettings> find_audit_settings(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_audit_settings_sql, org_id);
    AuditSettings settings;
    if (rows.empty()) co_return settings;
    if (!rows[0].is_null(0)) settings.retention_days = static_cast<int>(rows[0].i64(0));
    settings.version = rows[0].u64(1);
    settings.updated_at = rows[0].time(2);
    co_return settings;
}

constexpr db::Statement put_audit_settings_sql{
    "put_audit_settings",
    "INSERT INTO audit_settings (org_id, retention_days, version, updated_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (org_id) DO UPDATE SET retention_days = $2, version = $3, updated_at = $4"};

awaitable<void> put_audit_settings(db::Transaction& tx, access::OrgId org_id, AuditSettings settings) {
    co_await tx.run(put_audit_settings_sql, org_id, settings.retention_days, settings.version,
                    db::Time{settings.updated_at.value_or(0)});
}

constexpr db::Statement orgs_with_old_audit_sql{"orgs_with_old_audit",
                                                "SELECT org_id, days FROM orgs_with_old_audit($1)"};

awaitable<std::vector<OldAudit>> orgs_with_old_audit(db::Transaction& tx, unsigned default_days) {
    const auto rows = co_await tx.run(orgs_with_old_audit_sql, default_days);
    std::vector<OldAudit> found;
    for (const auto row : rows) found.push_back({access::OrgId(row.string(0)), static_cast<int>(row.i64(1))});
    co_return found;
}

// The last entry of the longest beginning of the log in which every entry is old.
constexpr db::Statement find_audit_cut_sql{
    "find_audit_cut",
    "WITH oldest AS (SELECT seq, at FROM audit WHERE org_id = $1 ORDER BY seq LIMIT $3), "
    "kept AS (SELECT min(seq) AS seq FROM oldest WHERE at >= now() - make_interval(days => $2)) "
    "SELECT a.seq, a.hash, (SELECT min(seq) FROM oldest) FROM audit a WHERE a.org_id = $1 AND a.seq = "
    "(SELECT max(o.seq) FROM oldest o, kept k WHERE k.seq IS NULL OR o.seq < k.seq)"};
constexpr db::Statement delete_audit_sql{"delete_audit", "SELECT delete_audit_through($1)"};

namespace {

AuditEntry purged_entry(const OldAudit& old, const wire::AuditHead& last, std::uint64_t entries, UnixMillis now) {
    AuditEntry entry;
    entry.org_id = old.org_id;
    entry.at = now;
    entry.actor_kind = access::ActorKind::system;
    entry.action = Action::audit_purged;
    entry.resource = "audit";
    std::string state;
    json::Writer w(state);
    // delete_audit_through() of the schema looks for these first two members as they are written here.
    w.begin_object().member("through", last.seq).member("hash", to_hex(last.hash));
    w.member("entries", entries).member("retention_days", old.days).end_object();
    entry.after = std::move(state);
    return entry;
}

}  // namespace

awaitable<std::uint64_t> cut_audit(db::Transaction& tx, OldAudit old, int at_most, UnixMillis now) {
    co_await lock_audit_chain(tx, old.org_id);
    const auto rows = co_await tx.run(find_audit_cut_sql, old.org_id, old.days, at_most);
    if (rows.empty()) co_return 0;
    const wire::AuditHead last{rows[0].u64(0), rows[0].sha256(1)};
    auto entry = purged_entry(old, last, last.seq - rows[0].u64(2) + 1, now);
    const auto entry_id = co_await append_audit(tx, std::move(entry));
    if (entry_id.empty()) co_return 0;  // the organisation has just been deleted
    const auto deleted = co_await tx.run(delete_audit_sql, last.seq);
    co_return deleted[0].u64(0);
}

}  // namespace fanion::cp::audit
