#include "control-plane/audit/audit_store.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::audit {

using boost::asio::awaitable;

constexpr db::Statement lock_audit_chain_sql{"lock_audit_chain",
                                             "SELECT FROM orgs WHERE org_id = $1 FOR NO KEY UPDATE"};
constexpr db::Statement newest_audit_sql{"newest_audit",
                                         "SELECT seq, hash FROM audit WHERE org_id = $1 ORDER BY seq DESC LIMIT 1"};
// Nothing if the organisation is not there; without a number if it has no entry.
constexpr db::Statement audit_place_sql{
    "audit_place",
    "SELECT a.seq, a.hash FROM orgs o LEFT JOIN LATERAL "
    "(SELECT seq, hash FROM audit WHERE org_id = o.org_id ORDER BY seq DESC LIMIT 1) a ON true WHERE o.org_id = $1"};
constexpr db::Statement insert_audit_sql{
    "insert_audit",
    "WITH added AS (INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, credential_id, action, resource, "
    "project, environment, group_id, comment, request_id, peer, canonical, prev_hash, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)) "
    "SELECT pg_notify($19, $1)"};

std::string new_entry_id() { return random_id("a_", 16); }

awaitable<std::string> append_audit(db::Transaction& tx, AuditEntry entry) {
    compact_states(entry);
    const auto place = place_of(entry.resource);
    tx.post(lock_audit_chain_sql, entry.org_id);
    const auto found = co_await tx.run(audit_place_sql, entry.org_id);  // as it is once the chain is locked
    if (found.empty()) co_return std::string();
    const bool is_first = found[0].is_null(0);
    const auto previous = is_first ? Sha256{} : found[0].sha256(1);
    entry.seq = is_first ? 1 : found[0].u64(0) + 1;
    if (entry.id.empty()) entry.id = new_entry_id();
    if (entry.group.empty()) entry.group = entry.id;
    const auto canonical = canonical_bytes(entry);
    tx.post(insert_audit_sql, entry.org_id, entry.seq, entry.id, db::Time{entry.at}, access::name_of(entry.actor_kind),
            entry.actor_id, entry.credential_id, name_of(entry.action), entry.resource, place.project,
            place.environment, entry.group, entry.comment, entry.request_id, entry.peer, canonical, previous,
            chain_hash(previous, canonical), audit_channel);
    co_return entry.id;
}

awaitable<void> lock_audit_chain(db::Transaction& tx, access::OrgId org_id) {
    co_await tx.run(lock_audit_chain_sql, org_id);
}

awaitable<std::optional<wire::AuditHead>> find_audit_head(db::Transaction& tx, access::OrgId org_id) {
    const auto newest = co_await tx.run(newest_audit_sql, org_id);
    if (newest.empty()) co_return std::nullopt;
    co_return wire::AuditHead{newest[0].u64(0), newest[0].sha256(1)};
}

// Sizes are read without the texts. `had` are the bytes of the entries before: the first one is always on the page.
constexpr db::Statement list_newest_audit_sql{
    "list_newest_audit",
    "WITH found AS (SELECT seq, bytes FROM find_audit($2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11, false, $12)), "
    "sized AS (SELECT seq, sum(bytes) OVER (ORDER BY seq DESC) - bytes AS had FROM found) "
    "SELECT a.seq, a.actor_id, a.canonical, a.prev_hash, a.hash, a.resource, (SELECT count(*) FROM found) "
    "FROM sized s JOIN audit a ON a.org_id = $1 AND a.seq = s.seq WHERE s.had < $13 ORDER BY a.seq DESC"};
constexpr db::Statement list_oldest_audit_sql{
    "list_oldest_audit",
    "WITH found AS (SELECT seq, bytes FROM find_audit($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, true, $12)), "
    "sized AS (SELECT seq, sum(bytes) OVER (ORDER BY seq) - bytes AS had FROM found) "
    "SELECT a.seq, a.actor_id, a.canonical, a.prev_hash, a.hash, a.resource, (SELECT count(*) FROM found) "
    "FROM sized s JOIN audit a ON a.org_id = $1 AND a.seq = s.seq WHERE s.had < $13 ORDER BY a.seq"};

namespace {

StoredEntry to_entry(db::Row row) {
    return {{row.u64(0), row.string(2), row.sha256(3), row.sha256(4)}, row.string(1), row.string(5)};
}

StoredEntries to_page(const db::Rows& rows, std::size_t limit) {
    StoredEntries found;
    for (const auto row : rows) {
        if (found.entries.size() == limit) break;
        found.entries.push_back(to_entry(row));
    }
    found.has_more = !rows.empty() && rows[0].u64(6) > found.entries.size();
    return found;
}

}  // namespace

awaitable<StoredEntries> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page) {
    const auto& wanted = page.filter;
    const auto& statement = page.order == AuditOrder::newest_first ? list_newest_audit_sql : list_oldest_audit_sql;
    const auto rows = co_await tx.run(statement, org_id, wanted.resource, wanted.actor, wanted.action, wanted.project,
                                      wanted.environment, wanted.group, wanted.text, db::to_time(wanted.from),
                                      db::to_time(wanted.to), page.from, page.limit + 1, audit_page_bytes);
    co_return to_page(rows, page.limit);
}

constexpr db::Statement find_audit_sql{
    "find_audit",
    "SELECT seq, actor_id, canonical, prev_hash, hash, resource FROM audit WHERE org_id = $1 AND id = $2"};

awaitable<std::optional<StoredEntry>> find_audit(db::Transaction& tx, access::OrgId org_id, std::string id) {
    const auto rows = co_await tx.run(find_audit_sql, org_id, id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_entry(rows[0]);
}

constexpr db::Statement oldest_audit_sql{"oldest_audit",
                                         "SELECT seq, prev_hash FROM audit WHERE org_id = $1 ORDER BY seq LIMIT 1"};

awaitable<std::optional<AuditBeginning>> find_audit_beginning(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(oldest_audit_sql, org_id);
    if (rows.empty()) co_return std::nullopt;
    co_return AuditBeginning{rows[0].u64(0), rows[0].sha256(1)};
}

constexpr db::Statement audit_hashes_sql{"audit_hashes",
                                         "SELECT seq, hash FROM audit WHERE org_id = $1 AND seq = ANY ($2)"};

awaitable<std::map<std::uint64_t, Sha256>> find_audit_hashes(db::Transaction& tx, access::OrgId org_id,
                                                             std::vector<std::int64_t> seqs) {
    const auto rows = co_await tx.run(audit_hashes_sql, org_id, seqs);
    std::map<std::uint64_t, Sha256> found;
    for (const auto row : rows) found.emplace(row.u64(0), row.sha256(1));
    co_return found;
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

constexpr db::Statement actor_of_email_sql{"actor_of_email", "SELECT user_id FROM users WHERE email_key = $1"};

awaitable<std::optional<std::string>> actor_of_email(db::Transaction& tx, std::string email_key) {
    const auto rows = co_await tx.run(actor_of_email_sql, email_key);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].string(0);
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
    "AND ($9 = '' OR EXISTS (SELECT FROM service_tokens WHERE org_id = $1 AND token_id = $9)) "
    "AND ($10 = '' OR EXISTS (SELECT FROM webhooks WHERE org_id = $1 AND webhook_id = $10)) "
    "AND ($11 = '' OR EXISTS (SELECT FROM roles WHERE org_id = $1 AND key = $11)) "
    "AND ($12 = '' OR EXISTS (SELECT FROM rollouts WHERE org_id = $1 AND rollout_id = $12)) "
    "AND ($13 = '' OR EXISTS (SELECT FROM prometheus_sources WHERE org_id = $1 AND key = $13))"};

awaitable<bool> resource_exists(db::Transaction& tx, access::OrgId org_id, ResourceNames names) {
    const auto rows = co_await tx.run(resource_exists_sql, org_id, names.project, names.environment, names.flag,
                                      names.segment, names.member, names.key, names.invitation, names.token,
                                      names.webhook, names.role, names.rollout, names.source);
    co_return rows[0].boolean(0);
}

}  // namespace fanion::cp::audit
