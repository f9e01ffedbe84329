#include "control-plane/identity/user_store.hpp"

#include "common/base/ids.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/identity/email.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

User to_user(db::Row row) { return {access::UserId(row.string(0)), row.string(1), row.string(2), row.boolean(3)}; }

Member to_member(db::Row row) {
    return {access::UserId(row.string(0)),    row.string(1), row.string(2),
            access::to_named_role(row, 3, 5), row.time(4),   row.boolean(6)};
}

std::optional<Member> first_member(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_member(rows[0]);
}

// No e-mail address has two @, so that this key is nobody's who signs in otherwise.
std::string own_account_key(const access::OrgId& org_id, const std::string& email) {
    return email_key(email) + '@' + org_id.str();
}

}  // namespace

constexpr db::Statement find_user_sql{"find_user", "SELECT user_id, email, name, is_disabled FROM user_of_id($1)"};

awaitable<std::optional<User>> find_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(find_user_sql, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_user(rows[0]);
}

constexpr db::Statement find_account_sql{
    "find_account", "SELECT user_id, email, name, is_disabled, password_hash FROM account_of_email($1)"};

awaitable<std::optional<Account>> find_account(db::Transaction& tx, std::string email) {
    const auto rows = co_await tx.run(find_account_sql, email_key(email));
    if (rows.empty()) co_return std::nullopt;
    co_return Account{to_user(rows[0]), rows[0].optional_text(4)};
}

constexpr db::Statement lock_user_sql{"lock_user", "SELECT lock_user($1)"};

awaitable<void> lock_user(db::Transaction& tx, access::UserId user_id) { co_await tx.run(lock_user_sql, user_id); }

constexpr db::Statement insert_user_sql{"insert_user", "SELECT add_user($1, $2, $3, $4, $5)"};

awaitable<bool> insert_user(db::Transaction& tx, User user, std::optional<std::string> password_hash) {
    const auto rows =
        co_await tx.run(insert_user_sql, user.user_id, user.email, email_key(user.email), user.name, password_hash);
    co_return rows[0].boolean(0);
}

constexpr db::Statement set_password_sql{"set_password", "SELECT set_password($1, $2)"};

awaitable<void> set_password(db::Transaction& tx, access::UserId user_id, std::string password_hash) {
    co_await tx.run(set_password_sql, user_id, password_hash);
}

constexpr db::Statement find_preferences_sql{"find_preferences", "SELECT preferences_of($1)"};

awaitable<std::string> find_preferences(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(find_preferences_sql, user_id);
    co_return rows[0].string(0);
}

constexpr db::Statement put_preferences_sql{"put_preferences", "SELECT put_preferences($1, $2)"};

awaitable<void> put_preferences(db::Transaction& tx, access::UserId user_id, std::string preferences) {
    co_await tx.run(put_preferences_sql, user_id, preferences);
}

constexpr db::Statement insert_password_reset_sql{
    "insert_password_reset", "INSERT INTO password_resets (token_sha256, user_id, expires_at) VALUES ($1, $2, $3)"};

awaitable<void> insert_password_reset(db::Transaction& tx, Sha256 token_hash, access::UserId user_id,
                                      UnixMillis expires_at) {
    co_await tx.run(insert_password_reset_sql, token_hash, user_id, db::Time{expires_at});
}

constexpr db::Statement use_password_reset_sql{
    "use_password_reset", "SELECT user_id, email, name, is_disabled FROM use_password_reset($1, $2)"};

awaitable<std::optional<User>> use_password_reset(db::Transaction& tx, Sha256 token_hash, UnixMillis now) {
    const auto rows = co_await tx.run(use_password_reset_sql, token_hash, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return to_user(rows[0]);
}

constexpr db::Statement list_members_sql{
    "list_members",
    "SELECT u.user_id, u.email, m.name, m.role, m.created_at, r.permissions, EXISTS (SELECT FROM directory_users d "
    "WHERE d.org_id = m.org_id AND d.user_id = m.user_id) FROM memberships m JOIN users u USING "
    "(user_id) "
    "LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = m.role "
    "WHERE m.org_id = $1 AND u.user_id COLLATE \"C\" > $2 ORDER BY u.user_id COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<Member>> list_members(db::Transaction& tx, access::OrgId org_id, std::string after,
                                            std::size_t limit) {
    const auto rows = co_await tx.run(list_members_sql, org_id, after, limit);
    std::vector<Member> found;
    for (const auto row : rows) found.push_back(to_member(row));
    co_return found;
}

constexpr db::Statement find_member_sql{
    "find_member",
    "SELECT u.user_id, u.email, m.name, m.role, m.created_at, r.permissions, EXISTS (SELECT FROM directory_users d "
    "WHERE d.org_id = m.org_id AND d.user_id = m.user_id) FROM "
    "memberships m JOIN users u USING (user_id) "
    "LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = m.role "
    "WHERE m.org_id = $1 AND m.user_id = $2"};

awaitable<std::optional<Member>> find_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(find_member_sql, org_id, user_id);
    co_return first_member(rows);
}

// Also one with an account of the organisation's own, see account_within().
constexpr db::Statement find_member_by_email_sql{
    "find_member_by_email",
    "SELECT u.user_id, u.email, m.name, m.role, m.created_at, "
    "r.permissions, EXISTS (SELECT FROM directory_users d WHERE d.org_id = m.org_id AND d.user_id = m.user_id) FROM "
    "memberships m JOIN users u USING (user_id) "
    "LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = m.role "
    "WHERE m.org_id = $1 AND u.email_key IN ($2, $2 || '@' || $1) ORDER BY u.email_key = $2 DESC LIMIT 1"};

awaitable<std::optional<Member>> find_member_by_email(db::Transaction& tx, access::OrgId org_id, std::string email) {
    const auto rows = co_await tx.run(find_member_by_email_sql, org_id, email_key(email));
    co_return first_member(rows);
}

constexpr db::Statement find_account_within_sql{
    "find_account_within",
    "SELECT u.user_id FROM users u LEFT JOIN memberships m ON m.org_id = $1 AND m.user_id = u.user_id "
    "LEFT JOIN directory_users d ON d.org_id = $1 AND d.user_id = u.user_id "
    "WHERE u.email_key IN ($2, $2 || '@' || $1) AND coalesce(m.user_id, d.user_id) IS NOT NULL "
    "ORDER BY m.user_id IS NULL, u.email_key <> $2 LIMIT 1"};
constexpr db::Statement add_own_account_sql{"add_own_account", "SELECT add_user($1, $2, $3, $4, NULL)"};
constexpr db::Statement find_own_account_sql{"find_own_account", "SELECT user_id FROM account_of_email($1)"};

awaitable<access::UserId> account_within(db::Transaction& tx, access::OrgId org_id, std::string email,
                                         std::string name) {
    const auto key = email_key(email);
    const auto known = co_await tx.run(find_account_within_sql, org_id, key);
    if (!known.empty()) co_return access::UserId(known[0].string(0));
    const auto own_key = own_account_key(org_id, email);
    co_await tx.run(add_own_account_sql, access::UserId(random_id("u_")), email, own_key, name);
    const auto own = co_await tx.run(find_own_account_sql, own_key);
    co_return access::UserId(own[0].string(0));
}

awaitable<bool> is_own_account(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, std::string email) {
    const auto key = own_account_key(org_id, email);
    const auto rows = co_await tx.run(find_own_account_sql, key);
    co_return !rows.empty() && rows[0].string(0) == user_id.str();
}

constexpr db::Statement lock_member_sql{
    "lock_member",
    "SELECT u.user_id, u.email, m.name, m.role, m.created_at, r.permissions, EXISTS (SELECT FROM directory_users d "
    "WHERE d.org_id = m.org_id AND d.user_id = m.user_id) FROM "
    "memberships m JOIN users u USING (user_id) "
    "LEFT JOIN roles r ON r.org_id = m.org_id AND r.key = m.role "
    "WHERE m.org_id = $1 AND m.user_id = $2 FOR UPDATE OF m"};

awaitable<std::optional<Member>> lock_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(lock_member_sql, org_id, user_id);
    co_return first_member(rows);
}

constexpr db::Statement insert_member_sql{
    "insert_member",
    "INSERT INTO memberships (org_id, user_id, role, name) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (org_id, user_id) DO NOTHING"};

awaitable<bool> insert_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, std::string role,
                              std::string name) {
    const auto rows = co_await tx.run(insert_member_sql, org_id, user_id, role, name);
    co_return rows.affected() == 1;
}

constexpr db::Statement set_role_sql{
    "set_role", "UPDATE memberships SET role = $3, by_group = false WHERE org_id = $1 AND user_id = $2"};

awaitable<void> set_role(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, std::string role) {
    co_await tx.run(set_role_sql, org_id, user_id, role);
}

constexpr db::Statement remove_member_sql{"remove_member",
                                          "WITH inactive AS (UPDATE directory_users SET is_active = false, version = "
                                          "version + 1 WHERE org_id = $1 AND user_id = $2 AND is_active) "
                                          "DELETE FROM memberships WHERE org_id = $1 AND user_id = $2"};

awaitable<void> remove_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    co_await tx.run(remove_member_sql, org_id, user_id);
}

constexpr db::Statement lock_owners_sql{
    "lock_owners", "SELECT user_id FROM memberships WHERE org_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE"};

awaitable<std::size_t> lock_owners(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(lock_owners_sql, org_id);
    co_return rows.size();
}

constexpr db::Statement owner_exists_sql{"owner_exists", "SELECT owner_exists()"};

awaitable<bool> owner_exists(db::Transaction& tx) {
    const auto rows = co_await tx.run(owner_exists_sql);
    co_return rows[0].boolean(0);
}

}  // namespace fanion::cp::identity
