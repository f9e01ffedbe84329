#include "control-plane/sign_on/provider_store.hpp"

namespace fanion::cp::sign_on {
namespace {

using boost::asio::awaitable;

StoredProvider to_provider(const db::Row& row) {
    StoredProvider stored;
    auto& provider = stored.provider;
    provider.provider_id = ProviderId(row.string(0));
    provider.key = row.string(1);
    provider.settings = {row.string(2), row.string(3), row.string(4),  row.texts(6),
                         row.texts(7),  row.string(8), row.boolean(9), row.boolean(10)};
    if (!row.is_null(5)) stored.sealed_secret = row.bytes(5);
    provider.has_secret = stored.sealed_secret.has_value();
    provider.created_by = row.string(11);
    provider.created_at = row.time(12);
    provider.updated_at = row.time(13);
    provider.version = row.u64(14);
    return stored;
}

std::optional<StoredProvider> first_provider(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_provider(rows[0]);
}

std::optional<db::Bytes> secret_of(const StoredProvider& stored) {
    if (!stored.sealed_secret) return std::nullopt;
    return db::Bytes{*stored.sealed_secret};
}

}  // namespace

constexpr db::Statement list_providers_sql{
    "list_identity_providers",
    "SELECT provider_id, key, name, issuer, client_id, client_secret, scopes, domains, groups_claim, is_enabled, "
    "adds_members, created_by, created_at, updated_at, version FROM identity_providers "
    "WHERE org_id = $1 AND key COLLATE \"C\" > $2 ORDER BY key COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<StoredProvider>> list_providers(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                      std::size_t limit) {
    const auto rows = co_await tx.run(list_providers_sql, org_id, after, limit);
    std::vector<StoredProvider> found;
    for (const auto row : rows) found.push_back(to_provider(row));
    co_return found;
}

constexpr db::Statement count_providers_sql{"count_identity_providers",
                                            "SELECT count(*) FROM identity_providers WHERE org_id = $1"};

awaitable<std::size_t> count_providers(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_providers_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_provider_sql{
    "find_identity_provider",
    "SELECT provider_id, key, name, issuer, client_id, client_secret, scopes, domains, groups_claim, is_enabled, "
    "adds_members, created_by, created_at, updated_at, version FROM identity_providers "
    "WHERE org_id = $1 AND key = $2"};

awaitable<std::optional<StoredProvider>> find_provider(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(find_provider_sql, org_id, key);
    co_return first_provider(rows);
}

constexpr db::Statement lock_provider_sql{
    "lock_identity_provider",
    "SELECT provider_id, key, name, issuer, client_id, client_secret, scopes, domains, groups_claim, is_enabled, "
    "adds_members, created_by, created_at, updated_at, version FROM identity_providers "
    "WHERE org_id = $1 AND key = $2 FOR UPDATE"};

awaitable<std::optional<StoredProvider>> lock_provider(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(lock_provider_sql, org_id, key);
    co_return first_provider(rows);
}

constexpr db::Statement find_provider_by_id_sql{
    "find_identity_provider_by_id",
    "SELECT provider_id, key, name, issuer, client_id, client_secret, scopes, domains, groups_claim, is_enabled, "
    "adds_members, created_by, created_at, updated_at, version FROM identity_providers "
    "WHERE org_id = $1 AND provider_id = $2"};

awaitable<std::optional<StoredProvider>> find_provider_by_id(db::Transaction& tx, access::OrgId org_id,
                                                             ProviderId provider_id) {
    const auto rows = co_await tx.run(find_provider_by_id_sql, org_id, provider_id);
    co_return first_provider(rows);
}

constexpr db::Statement hold_provider_sql{
    "hold_identity_provider",
    "SELECT provider_id, key, name, issuer, client_id, client_secret, scopes, domains, groups_claim, is_enabled, "
    "adds_members, created_by, created_at, updated_at, version FROM identity_providers "
    "WHERE org_id = $1 AND provider_id = $2 FOR SHARE"};

awaitable<std::optional<StoredProvider>> hold_provider(db::Transaction& tx, access::OrgId org_id,
                                                       ProviderId provider_id) {
    const auto rows = co_await tx.run(hold_provider_sql, org_id, provider_id);
    co_return first_provider(rows);
}

constexpr db::Statement insert_provider_sql{
    "insert_identity_provider",
    "INSERT INTO identity_providers (org_id, provider_id, key, name, issuer, client_id, client_secret, scopes, "
    "domains, "
    "groups_claim, is_enabled, adds_members, created_by, created_at, updated_at, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (org_id, key) DO "
    "NOTHING"};

awaitable<bool> insert_provider(db::Transaction& tx, access::OrgId org_id, StoredProvider stored) {
    const auto& provider = stored.provider;
    const auto& settings = provider.settings;
    const auto rows =
        co_await tx.run(insert_provider_sql, org_id, provider.provider_id, provider.key, settings.name, settings.issuer,
                        settings.client_id, secret_of(stored), settings.scopes, settings.domains, settings.groups_claim,
                        settings.is_enabled, settings.adds_members, provider.created_by, db::Time{provider.created_at},
                        db::Time{provider.updated_at}, provider.version);
    co_return rows.affected() == 1;
}

constexpr db::Statement update_provider_sql{
    "update_identity_provider",
    "UPDATE identity_providers SET name = $2, issuer = $3, client_id = $4, client_secret = $5, scopes = $6, "
    "domains = $7, groups_claim = $8, is_enabled = $9, adds_members = $10, updated_at = $11, version = $12 "
    "WHERE provider_id = $1"};

awaitable<void> update_provider(db::Transaction& tx, StoredProvider stored) {
    const auto& provider = stored.provider;
    const auto& settings = provider.settings;
    co_await tx.run(update_provider_sql, provider.provider_id, settings.name, settings.issuer, settings.client_id,
                    secret_of(stored), settings.scopes, settings.domains, settings.groups_claim, settings.is_enabled,
                    settings.adds_members, db::Time{provider.updated_at}, provider.version);
}

constexpr db::Statement delete_provider_sql{"delete_identity_provider",
                                            "DELETE FROM identity_providers WHERE provider_id = $1"};

awaitable<void> delete_provider(db::Transaction& tx, ProviderId provider_id) {
    co_await tx.run(delete_provider_sql, provider_id);
}

}  // namespace fanion::cp::sign_on
