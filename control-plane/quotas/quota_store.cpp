#include "control-plane/quotas/quota_store.hpp"

namespace fanion::cp::quotas {

using boost::asio::awaitable;

constexpr db::Statement find_own_quotas_sql{"find_own_quotas",
                                            "SELECT quota, max_count FROM org_quotas WHERE org_id = $1"};

awaitable<OwnQuotas> find_own_quotas(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_own_quotas_sql, org_id);
    OwnQuotas own;
    for (const auto row : rows) {
        const auto quota = parse_quota(row.text(0));
        if (!quota) continue;  // of a later version
        own[static_cast<std::size_t>(*quota)] = row.is_null(1) ? Limit() : Limit(row.u64(1));
    }
    co_return own;
}

constexpr db::Statement put_own_quota_sql{"put_own_quota",
                                          "INSERT INTO org_quotas (org_id, quota, max_count) VALUES ($1, $2, $3) "
                                          "ON CONFLICT (org_id, quota) DO UPDATE SET max_count = $3"};
constexpr db::Statement delete_own_quota_sql{"delete_own_quota",
                                             "DELETE FROM org_quotas WHERE org_id = $1 AND quota = $2"};

awaitable<void> put_own_quota(db::Transaction& tx, access::OrgId org_id, QuotaChange change) {
    if (change.limit) {
        co_await tx.run(put_own_quota_sql, org_id, name_of(change.quota), *change.limit);
    } else {
        co_await tx.run(delete_own_quota_sql, org_id, name_of(change.quota));
    }
}

// What is in a deleted project counts again when that is restored.
constexpr db::Statement count_flags_sql{
    "count_flags_of_org",
    "SELECT count(*) FROM flags f JOIN projects p USING (project_id) WHERE f.org_id = $1 AND f.deleted_at IS NULL "
    "AND p.deleted_at IS NULL"};
constexpr db::Statement count_segments_sql{
    "count_segments_of_org",
    "SELECT count(*) FROM segments s JOIN projects p USING (project_id) WHERE s.org_id = $1 AND s.deleted_at IS NULL "
    "AND p.deleted_at IS NULL"};
constexpr db::Statement count_environments_sql{"count_environments_of_org",
                                               "SELECT count(*) FROM environments WHERE org_id = $1 "
                                               "AND deleted_at IS NULL"};
constexpr db::Statement count_members_sql{
    "count_members_of_org",
    "SELECT (SELECT count(*) FROM memberships WHERE org_id = $1) + (SELECT count(*) FROM invitations "
    "WHERE org_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2)"};
constexpr db::Statement count_keys_sql{
    "count_keys_of_org",
    "SELECT (SELECT count(*) FROM api_keys WHERE org_id = $1 AND revoked_at IS NULL "
    "AND (not_after IS NULL OR not_after > $2)) + (SELECT count(*) FROM service_tokens WHERE org_id = $1 "
    "AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2))"};

awaitable<std::uint64_t> count_used(db::Transaction& tx, access::OrgId org_id, Quota quota, UnixMillis now) {
    db::Rows rows;
    switch (quota) {
        case Quota::flags:
            rows = co_await tx.run(count_flags_sql, org_id);
            break;
        case Quota::segments:
            rows = co_await tx.run(count_segments_sql, org_id);
            break;
        case Quota::environments:
            rows = co_await tx.run(count_environments_sql, org_id);
            break;
        case Quota::members:
            rows = co_await tx.run(count_members_sql, org_id, db::Time{now});
            break;
        case Quota::keys:
            rows = co_await tx.run(count_keys_sql, org_id, db::Time{now});
            break;
        case Quota::requests_per_second:
        case Quota::events_per_day:
            co_return 0;
    }
    co_return rows[0].u64(0);
}

constexpr db::Statement lock_quota_sql{
    "lock_quota", "SELECT pg_advisory_xact_lock(hashtextextended('quota/' || $1 || '/' || $2, 0))"};

awaitable<Result<>> check_room(db::Transaction& tx, const Quotas& installation, access::OrgId org_id, Addition addition,
                               UnixMillis now) {
    const auto own = co_await find_own_quotas(tx, org_id);
    const auto limit = combined(installation, own).of(addition.quota);
    if (!limit) co_return boost::system::in_place_value;
    const auto name = std::string(name_of(addition.quota));
    co_await tx.run(lock_quota_sql, org_id, name);
    const auto used = co_await count_used(tx, std::move(org_id), addition.quota, now);
    if (used + addition.count <= *limit) co_return boost::system::in_place_value;
    const auto detail = "the organisation may have at most " + std::to_string(*limit) + ' ' + name +
                        ", and would have " + std::to_string(used + addition.count);
    co_return Error{Errc::conflict, detail, {{"", "", "quota_exceeded", detail}}};
}

}  // namespace fanion::cp::quotas
