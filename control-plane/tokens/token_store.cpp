#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::tokens {

using boost::asio::awaitable;

Token to_token(db::Row row, int first) {
    Token token;
    token.token_id = access::TokenId(row.string(first));
    token.name = row.string(first + 1);
    token.scopes = access::permissions_named(row.texts(first + 2));
    token.created_at = row.time(first + 3);
    token.expires_at = row.optional_time(first + 4);
    token.revoked_at = row.optional_time(first + 5);
    token.last_used_at = row.optional_time(first + 6);
    token.replaces = access::TokenId(row.string(first + 7));
    return token;
}

ServiceToken to_service_token(db::Row row) {
    const auto role = access::parse_role(row.text(9)).value_or(access::Role::viewer);
    return {to_token(row), access::ServiceAccountId(row.string(8)), role, row.string(10)};
}

constexpr db::Statement note_token_use_sql{"note_token_use", "SELECT note_token_use($1, $2)"};

awaitable<void> record_token_use(db::Transaction& tx, access::TokenId token_id, UnixMillis at) {
    co_await tx.run(note_token_use_sql, token_id, db::Time{at});
}

constexpr db::Statement list_personal_tokens_sql{
    "list_personal_tokens",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces "
    "FROM personal_tokens_of($1, $2, $3)"};

awaitable<std::vector<Token>> list_personal_tokens(db::Transaction& tx, access::UserId user_id, std::string after,
                                                   std::size_t limit) {
    const auto rows = co_await tx.run(list_personal_tokens_sql, user_id, after, limit);
    std::vector<Token> found;
    for (const auto row : rows) found.push_back(to_token(row));
    co_return found;
}

constexpr db::Statement find_personal_token_sql{
    "find_personal_token",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces "
    "FROM personal_token_of($1, $2)"};

awaitable<std::optional<Token>> find_personal_token(db::Transaction& tx, access::UserId user_id,
                                                    access::TokenId token_id) {
    const auto rows = co_await tx.run(find_personal_token_sql, user_id, token_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_token(rows[0]);
}

constexpr db::Statement count_live_personal_tokens_sql{"count_live_personal_tokens",
                                                       "SELECT count_live_personal_tokens($1, $2)"};

awaitable<std::size_t> count_live_personal_tokens(db::Transaction& tx, access::UserId user_id, UnixMillis now) {
    const auto rows = co_await tx.run(count_live_personal_tokens_sql, user_id, db::Time{now});
    co_return rows[0].u64(0);
}

constexpr db::Statement insert_personal_token_sql{
    "insert_personal_token",
    "INSERT INTO personal_tokens (token_id, user_id, name, sha256, scopes, created_at, expires_at, replaces) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};

awaitable<void> insert_personal_token(db::Transaction& tx, access::UserId user_id, Token token, Sha256 token_hash) {
    co_await tx.run(insert_personal_token_sql, token.token_id, user_id, token.name, token_hash,
                    access::names_of(token.scopes), db::Time{token.created_at}, db::to_time(token.expires_at),
                    token.replaces);
}

constexpr db::Statement personal_token_replacing_sql{"personal_token_replacing",
                                                     "SELECT personal_token_replacing($1, $2, $3)"};

awaitable<access::TokenId> personal_token_replacing(db::Transaction& tx, access::UserId user_id,
                                                    access::TokenId token_id, UnixMillis now) {
    const auto rows = co_await tx.run(personal_token_replacing_sql, user_id, token_id, db::Time{now});
    co_return access::TokenId(rows[0].string(0));
}

constexpr db::Statement revoke_personal_token_sql{"revoke_personal_token", "SELECT revoke_personal_token($1, $2, $3)"};

awaitable<void> revoke_personal_token(db::Transaction& tx, access::UserId user_id, access::TokenId token_id,
                                      UnixMillis now) {
    co_await tx.run(revoke_personal_token_sql, user_id, token_id, db::Time{now});
}

constexpr db::Statement revoke_personal_tokens_sql{"revoke_personal_tokens", "SELECT revoke_personal_tokens($1, $2)"};

awaitable<void> revoke_personal_tokens_of(db::Transaction& tx, access::UserId user_id, UnixMillis now) {
    co_await tx.run(revoke_personal_tokens_sql, user_id, db::Time{now});
}

constexpr db::Statement expire_personal_token_sql{"expire_personal_token", "SELECT expire_personal_token($1, $2, $3)"};

awaitable<void> expire_personal_token(db::Transaction& tx, access::UserId user_id, access::TokenId token_id,
                                      UnixMillis at) {
    co_await tx.run(expire_personal_token_sql, user_id, token_id, db::Time{at});
}

constexpr db::Statement list_service_tokens_sql{
    "list_service_tokens",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces, account_id, role, "
    "created_by FROM service_tokens WHERE org_id = $1 "
    "AND ($2 = '' OR (created_at, token_id COLLATE \"C\") < "
    "(SELECT created_at, token_id COLLATE \"C\" FROM service_tokens WHERE org_id = $1 AND token_id = $2)) "
    "ORDER BY created_at DESC, token_id COLLATE \"C\" DESC LIMIT $3"};

awaitable<std::vector<ServiceToken>> list_service_tokens(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                         std::size_t limit) {
    const auto rows = co_await tx.run(list_service_tokens_sql, org_id, after, limit);
    std::vector<ServiceToken> found;
    for (const auto row : rows) found.push_back(to_service_token(row));
    co_return found;
}

constexpr db::Statement live_token_of_account_sql{
    "live_token_of_account",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces, account_id, "
    "role, created_by FROM service_tokens WHERE org_id = $1 AND account_id = $2 AND revoked_at IS NULL AND "
    "(expires_at IS NULL OR expires_at > $3) ORDER BY created_at DESC, token_id LIMIT 1"};

awaitable<std::optional<ServiceToken>> live_token_of_account(db::Transaction& tx, access::OrgId org_id,
                                                             access::ServiceAccountId account_id, UnixMillis now) {
    const auto rows = co_await tx.run(live_token_of_account_sql, org_id, account_id, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return to_service_token(rows[0]);
}

constexpr db::Statement find_service_token_sql{
    "find_service_token",
    "SELECT token_id, name, scopes, created_at, expires_at, revoked_at, last_used_at, replaces, account_id, role, "
    "created_by FROM service_tokens WHERE org_id = $1 AND token_id = $2"};

awaitable<std::optional<ServiceToken>> find_service_token(db::Transaction& tx, access::OrgId org_id,
                                                          access::TokenId token_id) {
    const auto rows = co_await tx.run(find_service_token_sql, org_id, token_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_service_token(rows[0]);
}

constexpr db::Statement lock_service_tokens_sql{
    "lock_service_tokens",
    "SELECT token_id FROM service_tokens WHERE org_id = $1 AND account_id = "
    "(SELECT account_id FROM service_tokens WHERE org_id = $1 AND token_id = $2) ORDER BY token_id FOR UPDATE"};

awaitable<std::optional<ServiceToken>> lock_service_token(db::Transaction& tx, access::OrgId org_id,
                                                          access::TokenId token_id) {
    co_await tx.run(lock_service_tokens_sql, org_id, token_id);
    co_return co_await find_service_token(tx, std::move(org_id), std::move(token_id));
}

constexpr db::Statement insert_service_token_sql{
    "insert_service_token",
    "INSERT INTO service_tokens (token_id, org_id, account_id, name, role, sha256, scopes, created_by, created_at, "
    "expires_at, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

awaitable<void> insert_service_token(db::Transaction& tx, access::OrgId org_id, ServiceToken made, Sha256 token_hash) {
    const auto& token = made.token;
    co_await tx.run(insert_service_token_sql, token.token_id, org_id, made.account_id, token.name,
                    access::name_of(made.role), token_hash, access::names_of(token.scopes), made.created_by,
                    db::Time{token.created_at}, db::to_time(token.expires_at), token.replaces);
}

constexpr db::Statement service_token_replacing_sql{
    "service_token_replacing",
    "SELECT token_id FROM service_tokens WHERE org_id = $1 AND replaces = $2 AND revoked_at IS NULL "
    "AND (expires_at IS NULL OR expires_at > $3) LIMIT 1"};

awaitable<access::TokenId> service_token_replacing(db::Transaction& tx, access::OrgId org_id, access::TokenId token_id,
                                                   UnixMillis now) {
    const auto rows = co_await tx.run(service_token_replacing_sql, org_id, token_id, db::Time{now});
    if (rows.empty()) co_return access::TokenId();
    co_return access::TokenId(rows[0].string(0));
}

constexpr db::Statement revoke_service_token_sql{
    "revoke_service_token",
    "UPDATE service_tokens SET revoked_at = $3 WHERE org_id = $1 AND token_id = $2 AND revoked_at IS NULL"};

awaitable<void> revoke_service_token(db::Transaction& tx, access::OrgId org_id, access::TokenId token_id,
                                     UnixMillis now) {
    co_await tx.run(revoke_service_token_sql, org_id, token_id, db::Time{now});
}

constexpr db::Statement expire_service_token_sql{
    "expire_service_token",
    "UPDATE service_tokens SET expires_at = $3 WHERE org_id = $1 AND token_id = $2 "
    "AND (expires_at IS NULL OR expires_at > $3)"};

awaitable<void> expire_service_token(db::Transaction& tx, access::OrgId org_id, access::TokenId token_id,
                                     UnixMillis at) {
    co_await tx.run(expire_service_token_sql, org_id, token_id, db::Time{at});
}

}  // namespace fanion::cp::tokens
