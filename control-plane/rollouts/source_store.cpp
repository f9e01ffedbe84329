#include "control-plane/rollouts/source_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

StoredSource to_source(db::Row row) {
    StoredSource stored;
    stored.source.key = row.string(0);
    stored.source.url = row.string(1);
    if (!row.is_null(2)) stored.sealed_token = row.bytes(2);
    stored.source.has_token = stored.sealed_token.has_value();
    stored.source.created_by = row.string(3);
    stored.source.created_at = row.time(4);
    stored.source.updated_at = row.time(5);
    stored.source.version = row.u64(6);
    return stored;
}

}  // namespace

constexpr db::Statement list_sources_sql{
    "list_prometheus_sources",
    "SELECT key, url, token, created_by, created_at, updated_at, version FROM prometheus_sources "
    "WHERE org_id = $1 AND key COLLATE \"C\" > $2 ORDER BY key COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<StoredSource>> list_sources(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                  std::size_t limit) {
    const auto rows = co_await tx.run(list_sources_sql, org_id, after, limit);
    std::vector<StoredSource> found;
    for (const auto row : rows) found.push_back(to_source(row));
    co_return found;
}

constexpr db::Statement count_sources_sql{"count_prometheus_sources",
                                          "SELECT count(*) FROM prometheus_sources WHERE org_id = $1"};

awaitable<std::size_t> count_sources(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_sources_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_source_sql{
    "find_prometheus_source",
    "SELECT key, url, token, created_by, created_at, updated_at, version FROM prometheus_sources "
    "WHERE org_id = $1 AND key = $2"};

awaitable<std::optional<StoredSource>> find_source(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(find_source_sql, org_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_source(rows[0]);
}

constexpr db::Statement lock_source_sql{
    "lock_prometheus_source",
    "SELECT key, url, token, created_by, created_at, updated_at, version FROM prometheus_sources "
    "WHERE org_id = $1 AND key = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<StoredSource>> lock_source(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(lock_source_sql, org_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_source(rows[0]);
}

constexpr db::Statement put_source_sql{
    "put_prometheus_source",
    "INSERT INTO prometheus_sources (org_id, key, url, token, created_by, created_at, updated_at, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, key) DO UPDATE "
    "SET url = excluded.url, token = excluded.token, updated_at = excluded.updated_at, version = excluded.version"};

awaitable<void> put_source(db::Transaction& tx, access::OrgId org_id, StoredSource stored) {
    const auto& source = stored.source;
    std::optional<db::Bytes> token;
    if (stored.sealed_token) token = db::Bytes{*stored.sealed_token};
    co_await tx.run(put_source_sql, org_id, source.key, source.url, token, source.created_by,
                    db::Time{source.created_at}, db::Time{source.updated_at}, source.version);
}

constexpr db::Statement delete_source_sql{"delete_prometheus_source",
                                          "DELETE FROM prometheus_sources WHERE org_id = $1 AND key = $2"};

awaitable<void> delete_source(db::Transaction& tx, access::OrgId org_id, std::string key) {
    co_await tx.run(delete_source_sql, org_id, key);
}

// At most 200 open rollouts of at most 10 guards each.
constexpr db::Statement is_source_used_sql{
    "is_prometheus_source_used",
    "SELECT EXISTS (SELECT FROM rollouts r, json_array_elements(r.plan::json->'guards') g "
    "WHERE r.org_id = $1 AND r.ended_at IS NULL AND g->>'prometheus' = $2)"};

awaitable<bool> is_source_used(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(is_source_used_sql, org_id, key);
    co_return rows[0].boolean(0);
}

}  // namespace fanion::cp::rollouts
