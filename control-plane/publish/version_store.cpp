#include "control-plane/publish/version_store.hpp"

#include <memory>
#include <utility>

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

std::optional<SignedHead> delta_of(db::Row row, int line0, int manifest) {
    if (row.is_null(line0)) return std::nullopt;
    return SignedHead{row.string(line0), row.string(manifest)};
}

std::optional<std::string> line0_of(const std::optional<SignedHead>& head) {
    if (!head) return std::nullopt;
    return head->line0;
}

std::optional<std::string> manifest_of(const std::optional<SignedHead>& head) {
    if (!head) return std::nullopt;
    return head->manifest;
}

}  // namespace

constexpr db::Statement put_items_sql{
    "put_items",
    "WITH changed AS (SELECT * FROM unnest($5::text[], $6::text[]) AS c (item_key, body)), "
    "put AS (INSERT INTO items (env_id, org_id, item_key, body, sha256, version) "
    "  SELECT $1, $2, item_key, body, sha256(convert_to(body, 'UTF8')), $4 FROM changed "
    "  ON CONFLICT (env_id, item_key) DO UPDATE SET body = excluded.body, sha256 = excluded.sha256, "
    "  version = excluded.version) "
    "INSERT INTO item_changes (env_id, org_id, epoch, version, item_key, body) "
    "SELECT $1, $2, $3, $4, item_key, body FROM changed"};

// The usual change. A body of megabytes would be quoted and unquoted as an element of an array.
constexpr db::Statement put_item_sql{
    "put_item",
    "WITH put AS (INSERT INTO items (env_id, org_id, item_key, body, sha256, version) "
    "  VALUES ($1, $2, $5, $6::text, sha256(convert_to($6::text, 'UTF8')), $4) "
    "  ON CONFLICT (env_id, item_key) DO UPDATE SET body = excluded.body, sha256 = excluded.sha256, "
    "  version = excluded.version) "
    "INSERT INTO item_changes (env_id, org_id, epoch, version, item_key, body) VALUES ($1, $2, $3, $4, $5, $6::text)"};

constexpr db::Statement remove_items_sql{
    "remove_items",
    "WITH removed AS (DELETE FROM items WHERE env_id = $1 AND item_key = ANY ($5::text[])) "
    "INSERT INTO item_changes (env_id, org_id, epoch, version, item_key, body) "
    "SELECT $1, $2, $3, $4, item_key, NULL FROM unnest($5::text[]) AS c (item_key)"};

constexpr db::Statement write_version_sql{
    "write_version",
    "WITH signed AS (INSERT INTO manifests (env_id, org_id, epoch, version, root, items, bytes, full_line0, "
    "  full_manifest, delta_line0, delta_manifest, issued_at) "
    "  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)), "
    "published AS (UPDATE environments SET epoch = $3, version = $4, root = $5, manifest_sha256 = $13 WHERE env_id = "
    "$1), "
    "noted AS (INSERT INTO outbox (org_id, env_id, epoch, version, kind) VALUES ($2, $1, $3, $4, 'version')) "
    "SELECT pg_notify($14, $1)"};

void write_version(db::Transaction& tx, const NewVersion& v) {
    std::vector<std::string> keys;
    std::vector<std::string> bodies;
    std::vector<std::string> removed;
    for (const auto& change : v.changes) {
        if (!change.body) {
            removed.push_back(change.key);
            continue;
        }
        keys.push_back(change.key);
        bodies.push_back(*change.body);
    }
    if (keys.size() == 1)
        tx.post(put_item_sql, v.env_id, v.org_id, v.version.epoch, v.version.number, keys[0], bodies[0]);
    if (keys.size() > 1) tx.post(put_items_sql, v.env_id, v.org_id, v.version.epoch, v.version.number, keys, bodies);
    if (!removed.empty()) tx.post(remove_items_sql, v.env_id, v.org_id, v.version.epoch, v.version.number, removed);
    tx.post(write_version_sql, v.env_id, v.org_id, v.version.epoch, v.version.number, v.root, v.items, v.bytes,
            v.full.line0, v.full.manifest, line0_of(v.delta), manifest_of(v.delta), db::Time{v.issued_at},
            v.manifest_sha256, changes_channel);
}

constexpr db::Statement feed_environments_sql{
    "feed_environments",
    "SELECT env_id, org_id, org_key, project_id, project_key, env_key, epoch, version FROM feed_environments()"};

constexpr db::Statement environments_to_renew_sql{
    "environments_to_renew",
    "SELECT env_id, org_id, org_key, project_id, project_key, env_key, epoch, version "
    "FROM environments_to_renew($1, $2)"};

namespace {

std::vector<FeedEnvironment> to_feed_environments(const db::Rows& rows) {
    std::vector<FeedEnvironment> found;
    found.reserve(rows.size());
    for (const auto row : rows) {
        FeedEnvironment env{access::EnvironmentId(row.string(0)),
                            access::OrgId(row.string(1)),
                            row.string(2),
                            access::ProjectId(row.string(3)),
                            row.string(4),
                            row.string(5),
                            {row.u64(6), row.u64(7)}};
        found.push_back(std::move(env));
    }
    return found;
}

}  // namespace

awaitable<std::vector<FeedEnvironment>> feed_environments(db::Transaction& tx) {
    const auto rows = co_await tx.run(feed_environments_sql);
    co_return to_feed_environments(rows);
}

awaitable<std::vector<FeedEnvironment>> environments_to_renew(db::Transaction& tx, std::uint64_t epoch,
                                                              std::string kid) {
    const auto rows = co_await tx.run(environments_to_renew_sql, epoch, kid);
    co_return to_feed_environments(rows);
}

constexpr db::Statement feed_manifests_sql{"feed_manifests",
                                           "SELECT epoch, version, full_line0, full_manifest, delta_line0, "
                                           "delta_manifest FROM feed_manifests($1, $2, $3, $4)"};

awaitable<std::vector<FeedManifest>> feed_manifests(db::Transaction& tx, access::EnvironmentId env_id,
                                                    wire::Version after, int at_most) {
    const auto rows = co_await tx.run(feed_manifests_sql, env_id, after.epoch, after.number, at_most);
    std::vector<FeedManifest> found;
    found.reserve(rows.size());
    for (const auto row : rows) {
        FeedManifest manifest{{row.u64(0), row.u64(1)}, {row.string(2), row.string(3)}, delta_of(row, 4, 5)};
        found.push_back(std::move(manifest));
    }
    co_return found;
}

constexpr db::Statement feed_changes_sql{"feed_changes",
                                         "SELECT version, item_key, body FROM feed_item_changes($1, $2, $3, $4)"};

awaitable<std::vector<FeedChange>> feed_changes(db::Transaction& tx, access::EnvironmentId env_id, wire::Version after,
                                                wire::Version to) {
    const auto rows = co_await tx.run(feed_changes_sql, env_id, to.epoch, after.number, to.number);
    std::vector<FeedChange> found;
    found.reserve(rows.size());
    for (const auto row : rows) {
        std::shared_ptr<const std::string> body;
        if (!row.is_null(2)) body = std::make_shared<const std::string>(row.text(2));
        wire::ItemChange change{row.string(1), std::move(body)};
        found.push_back({row.u64(0), std::move(change)});
    }
    co_return found;
}

constexpr db::Statement feed_items_sql{"feed_items", "SELECT item_key, body, sha256 FROM feed_items($1)"};

awaitable<wire::ItemSet> feed_items(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(feed_items_sql, env_id);
    wire::ItemSet items;
    for (const auto row : rows) items.put(row.text(0), std::make_shared<const std::string>(row.text(1)), row.sha256(2));
    co_return items;
}

}  // namespace fanion::cp::publish
