#include "control-plane/keys/upkeep_store.hpp"

#include "common/json/writer.hpp"
#include "common/model/json.hpp"

namespace fanion::cp::keys {

using boost::asio::awaitable;

std::string access_item_key(const access::KeyId& key_id) { return "access/" + key_id.str(); }

std::string access_item(const Key& key, const Sha256& hash) {
    model::AccessEntry entry;
    entry.id = key.key_id.str();
    entry.kind = key.kind;
    entry.sha256 = to_hex(hash);
    entry.not_before = key.not_before;
    entry.not_after = key.not_after;
    entry.origins = key.origins;
    entry.ofrep_minimal = key.ofrep_minimal;
    entry.rules = key.rules;
    std::string out;
    json::Writer w(out);
    model::write_access(w, entry);
    return out;
}

constexpr db::Statement list_upkeep_sql{"list_relay_key_upkeep",
                                        "SELECT env_id, org_id, project_id, env_key FROM due_relay_key_upkeep($1)"};

awaitable<std::vector<Upkeep>> list_upkeep(db::Transaction& tx, int most) {
    const auto rows = co_await tx.run(list_upkeep_sql, most);
    std::vector<Upkeep> found;
    for (const auto row : rows) {
        found.push_back({access::EnvironmentId(row.string(0)), access::OrgId(row.string(1)),
                         access::ProjectId(row.string(2)), row.string(3)});
    }
    co_return found;
}

constexpr db::Statement find_upkeep_sql{"find_relay_key_upkeep",
                                        "SELECT noted FROM relay_key_upkeep WHERE env_id = $1"};

awaitable<std::optional<std::uint64_t>> find_upkeep(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(find_upkeep_sql, env_id);
    if (rows.empty()) co_return std::nullopt;
    co_return rows[0].u64(0);
}

constexpr db::Statement end_upkeep_sql{"end_relay_key_upkeep",
                                       "DELETE FROM relay_key_upkeep WHERE env_id = $1 AND noted = $2"};

awaitable<void> end_upkeep(db::Transaction& tx, access::EnvironmentId env_id, std::uint64_t noted) {
    co_await tx.run(end_upkeep_sql, env_id, noted);
}

constexpr db::Statement postpone_upkeep_sql{
    "postpone_relay_key_upkeep",
    "UPDATE relay_key_upkeep SET failures = least(failures + 1, 1000), "
    "due_at = now() + least(power(2, least(failures, 12)), 3600) * interval '1 second' "
    "WHERE env_id = $1 AND noted = coalesce($2, noted)"};

awaitable<void> postpone_upkeep(db::Transaction& tx, access::EnvironmentId env_id, std::optional<std::uint64_t> noted) {
    co_await tx.run(postpone_upkeep_sql, env_id, noted);
}

constexpr db::Statement lock_wide_relay_keys_sql{
    "lock_wide_relay_keys", "SELECT pg_advisory_xact_lock(hashtextextended('relay_keys/' || $1, 0))"};

awaitable<void> lock_wide_relay_keys(db::Transaction& tx, access::OrgId org_id) {
    co_await tx.run(lock_wide_relay_keys_sql, org_id);
}

constexpr db::Statement relay_key_changes_sql{
    "relay_key_changes",
    "SELECT k.key_id, k.sha256, k.not_before, k.not_after, k.revoked_at IS NULL FROM api_keys k "
    "LEFT JOIN items i ON i.env_id = $3 AND i.item_key = 'access/' || k.key_id "
    "WHERE k.org_id = $1 AND k.kind = 'relay' AND k.env_id IS NULL AND (k.project_id IS NULL OR k.project_id = $2) "
    "AND (k.revoked_at IS NULL OR i.item_key IS NOT NULL) ORDER BY k.key_id COLLATE \"C\""};

awaitable<std::vector<wire::ItemChange>> relay_key_changes(db::Transaction& tx, access::OrgId org_id,
                                                           access::ProjectId project_id, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(relay_key_changes_sql, org_id, project_id, env_id);
    std::vector<wire::ItemChange> changes;
    for (const auto row : rows) {
        Key key;
        key.key_id = access::KeyId(row.string(0));
        key.kind = model::AccessEntry::Kind::relay;
        key.not_before = row.optional_time(2);
        key.not_after = row.optional_time(3);
        wire::ItemChange change{access_item_key(key.key_id), nullptr};
        if (row.boolean(4)) change.body = std::make_shared<const std::string>(access_item(key, row.sha256(1)));
        changes.push_back(std::move(change));
    }
    co_return changes;
}

}  // namespace fanion::cp::keys
