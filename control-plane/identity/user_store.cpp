#include "control-plane/identity/user_store.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

User to_user(db::Row row) {
    return {access::UserId(row.string(0)), row.string(1), row.string(2), row.optional_text(3), !row.is_null(4)};
}

access::Role to_role(std::string_view name) { return access::parse_role(name).value_or(access::Role::viewer); }

Member to_member(db::Row row) {
    return {access::UserId(row.string(0)), row.string(1), row.string(2), to_role(row.text(3)), row.time(4)};
}

}  // namespace

constexpr db::Statement find_user_sql{
    "find_user", "SELECT user_id, email, name, password_hash, disabled_at FROM users WHERE user_id = $1"};

awaitable<std::optional<User>> find_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(find_user_sql, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_user(rows[0]);
}

constexpr db::Statement find_user_by_email_sql{
    "find_user_by_email",
    "SELECT user_id, email, name, password_hash, disabled_at FROM users WHERE lower(email) = lower($1)"};

awaitable<std::optional<User>> find_user_by_email(db::Transaction& tx, std::string email) {
    const auto rows = co_await tx.run(find_user_by_email_sql, email);
    if (rows.empty()) co_return std::nullopt;
    co_return to_user(rows[0]);
}

constexpr db::Statement insert_user_sql{
    "insert_user",
    "INSERT INTO users (user_id, email, name) VALUES ($1, $2, $3) ON CONFLICT (lower(email)) DO NOTHING"};

awaitable<User> find_or_insert_user(db::Transaction& tx, std::string email, std::string name) {
    co_await tx.run(insert_user_sql, random_id("u_"), email, name);
    auto user = co_await find_user_by_email(tx, email);
    co_return std::move(*user);
}

constexpr db::Statement set_password_sql{"set_password",
                                         "UPDATE users SET password_hash = $2, updated_at = now() WHERE user_id = $1"};

awaitable<void> set_password(db::Transaction& tx, access::UserId user_id, std::string password_hash) {
    co_await tx.run(set_password_sql, user_id, password_hash);
}

constexpr db::Statement insert_invitation_sql{"insert_invitation",
                                              "INSERT INTO invitations (token_sha256, user_id, grants_org, "
                                              "grants_role, expires_at) VALUES ($1, $2, $3, $4, $5)"};

awaitable<void> insert_invitation(db::Transaction& tx, Sha256 token_hash, Invitation invitation,
                                  UnixMillis expires_at) {
    co_await tx.run(insert_invitation_sql, token_hash, invitation.user_id, invitation.org_id,
                    access::name_of(invitation.role), db::Time{expires_at});
}

constexpr db::Statement lock_invitation_sql{
    "lock_invitation",
    "SELECT user_id, grants_org, grants_role FROM invitations "
    "WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2 FOR UPDATE"};

awaitable<std::optional<Invitation>> lock_invitation(db::Transaction& tx, Sha256 token_hash, UnixMillis now) {
    const auto rows = co_await tx.run(lock_invitation_sql, token_hash, db::Time{now});
    if (rows.empty()) co_return std::nullopt;
    co_return Invitation{access::UserId(rows[0].string(0)), access::OrgId(rows[0].string(1)), to_role(rows[0].text(2))};
}

constexpr db::Statement use_invitation_sql{"use_invitation",
                                           "UPDATE invitations SET used_at = $2 WHERE token_sha256 = $1"};

awaitable<void> use_invitation(db::Transaction& tx, Sha256 token_hash, UnixMillis now) {
    co_await tx.run(use_invitation_sql, token_hash, db::Time{now});
}

constexpr db::Statement list_members_sql{
    "list_members",
    "SELECT u.user_id, u.email, u.name, m.role, m.created_at FROM memberships m JOIN users u USING (user_id) "
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
    "SELECT u.user_id, u.email, u.name, m.role, m.created_at FROM memberships m JOIN users u USING (user_id) "
    "WHERE m.org_id = $1 AND m.user_id = $2"};

awaitable<std::optional<Member>> find_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(find_member_sql, org_id, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_member(rows[0]);
}

constexpr db::Statement lock_member_sql{
    "lock_member",
    "SELECT u.user_id, u.email, u.name, m.role, m.created_at FROM memberships m JOIN users u USING (user_id) "
    "WHERE m.org_id = $1 AND m.user_id = $2 FOR UPDATE OF m"};

awaitable<std::optional<Member>> lock_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(lock_member_sql, org_id, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_member(rows[0]);
}

constexpr db::Statement put_membership_sql{"put_membership",
                                           "INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, $3) ON "
                                           "CONFLICT (org_id, user_id) DO UPDATE SET role = $3"};

awaitable<void> put_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, access::Role role) {
    co_await tx.run(put_membership_sql, org_id, user_id, access::name_of(role));
}

constexpr db::Statement remove_membership_sql{"remove_membership",
                                              "DELETE FROM memberships WHERE org_id = $1 AND user_id = $2"};

awaitable<void> remove_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    co_await tx.run(remove_membership_sql, org_id, user_id);
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
