#include "control-plane/keys/key_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "common/model/json.hpp"

namespace fanion::cp::keys {
namespace {

using boost::asio::awaitable;

model::AccessEntry::Kind to_kind(std::string_view name) {
    using Kind = model::AccessEntry::Kind;
    for (const auto kind : {Kind::server, Kind::client, Kind::relay}) {
        if (model::name_of(kind) == name) return kind;
    }
    throw std::logic_error("api_keys holds the unknown kind '" + std::string(name) + "'");
}

Key to_key(db::Row row) {
    Key key;
    key.key_id = access::KeyId(row.string(0));
    key.kind = to_kind(row.text(1));
    key.name = row.string(2);
    key.origins = row.texts(3);
    key.not_before = row.optional_time(4);
    key.not_after = row.optional_time(5);
    key.created_by = row.string(6);
    key.created_at = row.time(7);
    key.revoked_at = row.optional_time(8);
    key.last_used_at = row.optional_time(9);
    key.ofrep_minimal = row.boolean(10);
    key.replaces = access::KeyId(row.string(11));
    key.rules = row.boolean(12);
    return key;
}

}  // namespace

constexpr db::Statement list_keys_sql{
    "list_keys",
    "SELECT key_id, kind, name, origins, not_before, not_after, created_by, created_at, revoked_at, last_used_at, "
    "ofrep_minimal, replaces, rules "
    "FROM api_keys WHERE org_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND env_id IS NOT DISTINCT FROM $3 "
    "AND ($4 = '' OR (created_at, key_id COLLATE \"C\") < "
    "(SELECT created_at, key_id COLLATE \"C\" FROM api_keys WHERE org_id = $1 AND key_id = $4)) "
    "ORDER BY created_at DESC, key_id COLLATE \"C\" DESC LIMIT $5"};

awaitable<std::vector<Key>> list_keys(db::Transaction& tx, KeyPlace place, std::string after, std::size_t limit) {
    const auto rows = co_await tx.run(list_keys_sql, place.org_id, place.project_id, place.env_id, after, limit);
    std::vector<Key> found;
    for (const auto row : rows) found.push_back(to_key(row));
    co_return found;
}

constexpr db::Statement find_key_sql{
    "find_key",
    "SELECT key_id, kind, name, origins, not_before, not_after, created_by, created_at, revoked_at, last_used_at, "
    "ofrep_minimal, replaces, rules "
    "FROM api_keys WHERE org_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND env_id IS NOT DISTINCT FROM $3 AND "
    "key_id = $4"};

namespace {

awaitable<std::optional<Key>> one_key(db::Transaction& tx, const db::Statement& statement, KeyPlace place,
                                      access::KeyId key_id) {
    const auto rows = co_await tx.run(statement, place.org_id, place.project_id, place.env_id, key_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_key(rows[0]);
}

}  // namespace

awaitable<std::optional<Key>> find_key(db::Transaction& tx, KeyPlace place, access::KeyId key_id) {
    return one_key(tx, find_key_sql, std::move(place), std::move(key_id));
}

constexpr db::Statement lock_key_sql{
    "lock_key",
    "SELECT key_id, kind, name, origins, not_before, not_after, created_by, created_at, revoked_at, last_used_at, "
    "ofrep_minimal, replaces, rules "
    "FROM api_keys WHERE org_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND env_id IS NOT DISTINCT FROM $3 AND "
    "key_id = $4 FOR UPDATE"};

awaitable<std::optional<Key>> lock_key(db::Transaction& tx, KeyPlace place, access::KeyId key_id) {
    return one_key(tx, lock_key_sql, std::move(place), std::move(key_id));
}

constexpr db::Statement insert_key_sql{
    "insert_key",
    "INSERT INTO api_keys (key_id, org_id, project_id, env_id, kind, name, sha256, origins, not_before, not_after, "
    "created_by, created_at, ofrep_minimal, replaces, rules) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"};

awaitable<void> insert_key(db::Transaction& tx, KeyPlace place, const Key& key, Sha256 key_hash) {
    co_await tx.run(insert_key_sql, key.key_id, place.org_id, place.project_id, place.env_id, model::name_of(key.kind),
                    key.name, key_hash, key.origins, db::to_time(key.not_before), db::to_time(key.not_after),
                    key.created_by, db::Time{key.created_at}, key.ofrep_minimal, key.replaces, key.rules);
}

constexpr db::Statement list_successors_sql{
    "list_key_successors",
    "SELECT key_id, kind, name, origins, not_before, not_after, created_by, created_at, revoked_at, last_used_at, "
    "ofrep_minimal, replaces, rules "
    "FROM api_keys WHERE org_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND env_id IS NOT DISTINCT FROM $3 AND "
    "replaces = $4"};

awaitable<std::vector<Key>> list_successors(db::Transaction& tx, KeyPlace place, access::KeyId key_id) {
    const auto rows = co_await tx.run(list_successors_sql, place.org_id, place.project_id, place.env_id, key_id);
    std::vector<Key> found;
    for (const auto row : rows) found.push_back(to_key(row));
    co_return found;
}

constexpr db::Statement hash_of_key_sql{"hash_of_key", "SELECT sha256 FROM api_keys WHERE key_id = $1"};

awaitable<std::optional<Sha256>> hash_of_key(db::Transaction& tx, access::KeyId key_id) {
    const auto rows = co_await tx.run(hash_of_key_sql, key_id);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].sha256(0);
}

constexpr db::Statement expire_key_sql{"expire_key", "UPDATE api_keys SET not_after = $2 WHERE key_id = $1"};

awaitable<void> expire_key(db::Transaction& tx, access::KeyId key_id, UnixMillis at) {
    co_await tx.run(expire_key_sql, key_id, db::Time{at});
}

constexpr db::Statement revoke_key_sql{"revoke_key", "UPDATE api_keys SET revoked_at = $2 WHERE key_id = $1"};

awaitable<void> revoke_key(db::Transaction& tx, access::KeyId key_id, UnixMillis now) {
    co_await tx.run(revoke_key_sql, key_id, db::Time{now});
}

// The rows are locked in order of their ids: several relays report the same keys at the same moment.
constexpr db::Statement record_key_uses_sql{
    "note_key_uses",
    "UPDATE api_keys SET last_used_at = due.at FROM ("
    "  SELECT key_id, to_timestamp(u.at / 1000.0) AS at FROM api_keys "
    "  JOIN unnest($1::text[], $2::bigint[]) AS u (key_id, at) USING (key_id) "
    "  WHERE (env_id = ANY ($3::text[]) OR env_id IS NULL AND cardinality($3::text[]) > 0 AND (project_id IS NULL "
    "    OR project_id IN (SELECT e.project_id FROM environments e WHERE e.env_id = ANY ($3::text[])))) "
    "    AND (last_used_at IS NULL OR last_used_at < to_timestamp(u.at / 1000.0)) "
    "  ORDER BY key_id COLLATE \"C\" FOR UPDATE OF api_keys) AS due "
    "WHERE api_keys.key_id = due.key_id AND (last_used_at IS NULL OR last_used_at < due.at)"};

awaitable<void> record_key_uses(db::Transaction& tx, std::vector<wire::KeyUse> uses,
                                std::vector<access::EnvironmentId> env_ids, UnixMillis now) {
    if (uses.empty()) co_return;
    std::vector<std::string> ids;
    std::vector<std::int64_t> times;
    for (auto& use : uses) {
        ids.push_back(std::move(use.id));
        times.push_back(std::min(use.at, now));
    }
    co_await tx.run(record_key_uses_sql, ids, times, env_ids);
}

constexpr db::Statement find_key_owner_sql{"find_key_owner",
                                           "SELECT key_id, org_id FROM find_api_key($1) WHERE org_key IS NOT NULL"};

awaitable<std::optional<KeyOwner>> find_key_owner(db::Transaction& tx, Sha256 key_hash) {
    const auto rows = co_await tx.run(find_key_owner_sql, key_hash);
    if (rows.empty()) co_return std::nullopt;
    co_return KeyOwner{access::KeyId(rows[0].string(0)), access::OrgId(rows[0].string(1))};
}

}  // namespace fanion::cp::keys
