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
    "INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, credential_id, action, resource, comment, "
    "request_id, peer, canonical, prev_hash, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"};

awaitable<void> append_audit(db::Transaction& tx, AuditEntry entry) {
    co_await tx.run(lock_audit_chain_sql, entry.org_id);
    const auto newest = co_await tx.run(newest_audit_sql, entry.org_id);
    const auto previous = newest.empty() ? Sha256{} : newest[0].sha256(1);
    entry.seq = newest.empty() ? 1 : newest[0].u64(0) + 1;
    entry.id = random_id("a_", 16);
    const auto canonical = canonical_bytes(entry);
    co_await tx.run(insert_audit_sql, entry.org_id, entry.seq, entry.id, db::Time{entry.at},
                    access::name_of(entry.actor_kind), entry.actor_id, entry.credential_id, name_of(entry.action),
                    entry.resource, entry.comment, entry.request_id, entry.peer, canonical, previous,
                    chain_hash(previous, canonical));
}

// Sizes are read without the texts. `had` are the bytes of the entries before: the first one is always on the page.
constexpr db::Statement list_audit_sql{
    "list_audit",
    "WITH newest AS (SELECT seq, octet_length(canonical) AS bytes FROM audit "
    "WHERE org_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3), "
    "sized AS (SELECT seq, sum(bytes) OVER (ORDER BY seq DESC) - bytes AS had FROM newest) "
    "SELECT a.seq, a.actor_id, a.canonical, a.prev_hash, a.hash, (SELECT count(*) FROM newest), a.resource "
    "FROM sized s JOIN audit a ON a.org_id = $1 AND a.seq = s.seq WHERE s.had < $4 ORDER BY a.seq DESC"};

// The range of the index audit_resource that has the resource and those below it: '0' follows '/'. Names that only begin
// alike are in it too, as "flags/a-b" beside "flags/a", and are left out.
constexpr db::Statement list_audit_of_sql{
    "list_audit_of",
    "WITH newest AS (SELECT seq, octet_length(canonical) AS bytes FROM audit "
    "WHERE org_id = $1 AND ($2::bigint IS NULL OR seq < $2) AND resource COLLATE \"C\" >= $5 "
    "AND resource COLLATE \"C\" < $5 || '0' AND (resource = $5 OR starts_with(resource, $5 || '/')) "
    "ORDER BY seq DESC LIMIT $3), "
    "sized AS (SELECT seq, sum(bytes) OVER (ORDER BY seq DESC) - bytes AS had FROM newest) "
    "SELECT a.seq, a.actor_id, a.canonical, a.prev_hash, a.hash, (SELECT count(*) FROM newest), a.resource "
    "FROM sized s JOIN audit a ON a.org_id = $1 AND a.seq = s.seq WHERE s.had < $4 ORDER BY a.seq DESC"};

namespace {

StoredEntries to_page(const db::Rows& rows, std::size_t limit) {
    StoredEntries found;
    for (const auto row : rows) {
        if (found.entries.size() == limit) break;
        found.entries.push_back(
            {{row.u64(0), row.string(2), row.sha256(3), row.sha256(4)}, row.string(1), row.string(6)});
    }
    found.has_more = !rows.empty() && rows[0].u64(5) > found.entries.size();
    return found;
}

}  // namespace

awaitable<StoredEntries> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page) {
    if (page.resource.empty()) {
        const auto rows = co_await tx.run(list_audit_sql, org_id, page.before, page.limit + 1, audit_page_bytes);
        co_return to_page(rows, page.limit);
    }
    const auto rows =
        co_await tx.run(list_audit_of_sql, org_id, page.before, page.limit + 1, audit_page_bytes, page.resource);
    co_return to_page(rows, page.limit);
}

constexpr db::Statement actor_emails_sql{"actor_emails", "SELECT user_id, email FROM actor_emails($1)"};

awaitable<std::map<std::string, std::string>> actor_emails(db::Transaction& tx,
                                                           const std::vector<StoredEntry>& entries) {
    std::vector<std::string> ids;
    for (const auto& entry : entries) ids.push_back(entry.actor_id);
    const auto rows = co_await tx.run(actor_emails_sql, ids);
    std::map<std::string, std::string> found;
    for (const auto row : rows) found.emplace(row.string(0), row.string(1));
    co_return found;
}

constexpr db::Statement resource_exists_sql{
    "resource_exists",
    "WITH p AS (SELECT project_id FROM projects WHERE org_id = $1 AND key = $2) "
    "SELECT ($2 = '' OR EXISTS (SELECT FROM p)) "
    "AND ($3 = '' OR EXISTS (SELECT FROM environments JOIN p USING (project_id) WHERE key = $3)) "
    "AND ($4 = '' OR EXISTS (SELECT FROM flags JOIN p USING (project_id) WHERE key = $4)) "
    "AND ($5 = '' OR EXISTS (SELECT FROM segments JOIN p USING (project_id) WHERE key = $5)) "
    "AND ($6 = '' OR EXISTS (SELECT FROM memberships WHERE org_id = $1 AND user_id = $6)) "
    "AND ($7 = '' OR EXISTS (SELECT FROM api_keys WHERE org_id = $1 AND key_id = $7)) "
    "AND ($8 = '' OR EXISTS (SELECT FROM invitations WHERE org_id = $1 AND invitation_id = $8)) "
    "AND ($9 = '' OR EXISTS (SELECT FROM roles WHERE org_id = $1 AND key = $9))"};

awaitable<bool> resource_exists(db::Transaction& tx, access::OrgId org_id, ResourceNames names) {
    const auto rows = co_await tx.run(resource_exists_sql, org_id, names.project, names.environment, names.flag,
                                      names.segment, names.member, names.key, names.invitation, names.role);
    co_return rows[0].boolean(0);
}

}  // namespace fanion::cp::audit
