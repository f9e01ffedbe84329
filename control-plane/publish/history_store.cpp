#include "control-plane/publish/history_store.hpp"

#include <memory>
#include <utility>

namespace fanion::cp::publish {

using boost::asio::awaitable;

constexpr db::Statement record_author_sql{
    "record_author",
    "INSERT INTO version_authors (env_id, epoch, version, org_id, actor_kind, actor_id, action, comment, audit_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

void record_author(db::Transaction& tx, const access::OrgId& org_id, const access::EnvironmentId& env_id,
                   wire::Version version, const VersionAuthor& author) {
    tx.post(record_author_sql, env_id, version.epoch, version.number, org_id, author.actor_kind, author.actor_id,
            author.action, author.comment, author.audit_id);
}

namespace {

PastVersion to_past_version(db::Row row) {
    PastVersion v;
    v.version = {row.u64(0), row.u64(1)};
    v.root = row.sha256(2);
    v.items = row.u64(3);
    v.bytes = row.u64(4);
    v.issued_at = row.time(5);
    if (!row.is_null(6)) v.author = {row.string(6), row.string(7), row.string(8), row.string(9), row.string(10)};
    v.changed = row.texts(11);
    v.changes = row.u64(12);
    return v;
}

}  // namespace

constexpr db::Statement list_versions_sql{
    "list_versions",
    "WITH page AS (SELECT epoch, version, root, items, bytes, issued_at FROM manifests m WHERE env_id = $1 "
    "  AND ($2::bigint IS NULL OR (epoch, version) < ($2, $3::bigint)) "
    "  AND ($4 = '' OR EXISTS (SELECT FROM item_changes c "
    "    WHERE c.env_id = $1 AND c.item_key = $4 AND c.epoch = m.epoch AND c.version = m.version)) "
    "  ORDER BY epoch DESC, version DESC LIMIT $5) "
    "SELECT p.epoch, p.version, p.root, p.items, p.bytes, p.issued_at, a.actor_kind, a.actor_id, a.action, a.comment, "
    "a.audit_id, c.keys, c.n FROM page p "
    "LEFT JOIN version_authors a ON a.env_id = $1 AND a.epoch = p.epoch AND a.version = p.version "
    "CROSS JOIN LATERAL (SELECT coalesce((array_agg(item_key ORDER BY item_key COLLATE \"C\"))[1:$6::integer], '{}') "
    "  AS keys, count(*) AS n FROM item_changes "
    "  WHERE env_id = $1 AND epoch = p.epoch AND version = p.version AND item_key <> 'environment') c "
    "ORDER BY p.epoch DESC, p.version DESC"};

awaitable<std::vector<PastVersion>> list_versions(db::Transaction& tx, access::EnvironmentId env_id, VersionPage page) {
    std::optional<std::uint64_t> epoch;
    if (page.before) epoch = page.before->epoch;
    const auto number = page.before ? page.before->number : 0;
    const auto rows =
        co_await tx.run(list_versions_sql, env_id, epoch, number, page.item, page.limit, most_items_named);
    std::vector<PastVersion> found;
    for (const auto row : rows) found.push_back(to_past_version(row));
    co_return found;
}

namespace {

std::optional<wire::Version> version_in(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return wire::Version{rows[0].u64(0), rows[0].u64(1)};
}

}  // namespace

constexpr db::Statement find_version_sql{
    "find_version",
    "SELECT epoch, version FROM manifests WHERE env_id = $1 AND version = $3 AND ($2::bigint = 0 OR epoch = $2) "
    "ORDER BY epoch DESC LIMIT 1"};

awaitable<std::optional<wire::Version>> find_version(db::Transaction& tx, access::EnvironmentId env_id,
                                                     wire::Version wanted) {
    const auto rows = co_await tx.run(find_version_sql, env_id, wanted.epoch, wanted.number);
    co_return version_in(rows);
}

constexpr db::Statement find_published_at_sql{
    "find_published_at", "SELECT issued_at FROM manifests WHERE env_id = $1 AND epoch = $2 AND version = $3"};

awaitable<std::optional<UnixMillis>> find_published_at(db::Transaction& tx, access::EnvironmentId env_id,
                                                       wire::Version version) {
    const auto rows = co_await tx.run(find_published_at_sql, env_id, version.epoch, version.number);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].time(0);
}

constexpr db::Statement version_at_sql{"version_at",
                                       "SELECT epoch, version FROM manifests WHERE env_id = $1 AND issued_at <= $2 "
                                       "ORDER BY epoch DESC, version DESC LIMIT 1"};

awaitable<std::optional<wire::Version>> version_at(db::Transaction& tx, access::EnvironmentId env_id, UnixMillis at) {
    const auto rows = co_await tx.run(version_at_sql, env_id, db::Time{at});
    co_return version_in(rows);
}

constexpr db::Statement read_root_sql{"read_root",
                                      "SELECT root FROM manifests WHERE env_id = $1 AND epoch = $2 AND version = $3"};
constexpr db::Statement read_items_at_sql{
    "read_items_at",
    "WITH later AS (SELECT DISTINCT item_key FROM item_changes WHERE env_id = $1 AND (epoch, version) > ($2, $3)) "
    "SELECT item_key, body FROM items i "
    "WHERE env_id = $1 AND NOT EXISTS (SELECT FROM later WHERE later.item_key = i.item_key) "
    "UNION ALL SELECT later.item_key, c.body FROM later CROSS JOIN LATERAL "
    "  (SELECT body FROM item_changes WHERE env_id = $1 AND item_key = later.item_key AND (epoch, version) <= ($2, $3) "
    "   ORDER BY epoch DESC, version DESC LIMIT 1) c WHERE c.body IS NOT NULL"};

awaitable<std::optional<wire::ItemSet>> read_items_at(db::Transaction& tx, access::EnvironmentId env_id,
                                                      wire::Version version) {
    const auto signed_root = co_await tx.run(read_root_sql, env_id, version.epoch, version.number);
    if (signed_root.empty()) co_return std::nullopt;
    const auto rows = co_await tx.run(read_items_at_sql, env_id, version.epoch, version.number);
    wire::ItemSet items;
    for (const auto row : rows) items.put(row.text(0), std::make_shared<const std::string>(row.text(1)));
    if (items.root() != signed_root[0].sha256(0)) co_return std::nullopt;
    co_return items;
}

}  // namespace fanion::cp::publish
