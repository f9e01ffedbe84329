#include "control-plane/audit/audit_store.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::audit {

using boost::asio::awaitable;

constexpr db::Statement lock_audit_chain_sql{"lock_audit_chain",
                                             "SELECT FROM orgs WHERE org_id = $1 FOR NO KEY UPDATE"};
constexpr db::Statement newest_audit_sql{"newest_audit",
                                         "SELECT seq, hash FROM audit WHERE org_id = $1 ORDER BY seq DESC LIMIT 1"};
constexpr db::Statement insert_audit_sql{
    "insert_audit",
    "INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, credential_id, action, resource, before, after, "
    "comment, "
    "request_id, peer, canonical, prev_hash, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"};

awaitable<void> append_audit(db::Transaction& tx, AuditEntry entry) {
    co_await tx.run(lock_audit_chain_sql, entry.org_id);
    const auto newest = co_await tx.run(newest_audit_sql, entry.org_id);
    const auto previous = newest.empty() ? Sha256{} : newest[0].sha256(1);
    entry.seq = newest.empty() ? 1 : newest[0].u64(0) + 1;
    entry.id = random_id("a_", 16);
    const auto canonical = canonical_bytes(entry);
    co_await tx.run(insert_audit_sql, entry.org_id, entry.seq, entry.id, db::Time{entry.at},
                    access::name_of(entry.actor_kind), entry.actor_id, entry.credential_id, name_of(entry.action),
                    entry.resource, entry.before, entry.after, entry.comment, entry.request_id, entry.peer, canonical,
                    previous, chain_hash(previous, canonical));
}

constexpr db::Statement list_audit_sql{
    "list_audit",
    "SELECT seq, canonical, prev_hash, hash FROM audit WHERE org_id = $1 AND ($2::bigint IS NULL OR seq < $2) "
    "AND ($3 = '' OR resource = $3 OR starts_with(resource, $3 || '/')) ORDER BY seq DESC LIMIT $4"};

awaitable<std::vector<ChainLink>> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page) {
    const auto rows = co_await tx.run(list_audit_sql, org_id, page.before, page.resource, page.limit + 1);
    std::vector<ChainLink> found;
    for (const auto row : rows) found.push_back({row.u64(0), row.string(1), row.sha256(2), row.sha256(3)});
    co_return found;
}

}  // namespace fanion::cp::audit
