#include "control-plane/identity/invitation_store.hpp"

#include "common/base/ids.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/identity/email.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

Invitation to_invitation(db::Row row) {
    return {access::InvitationId(row.string(0)), access::OrgId(row.string(1)),  row.string(2), row.string(3),
            access::to_named_role(row, 4, 8),    access::UserId(row.string(5)), row.time(6),   row.time(7)};
}

std::optional<Invitation> first_invitation(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_invitation(rows[0]);
}

std::vector<Invitation> to_invitations(const db::Rows& rows) {
    std::vector<Invitation> found;
    for (const auto row : rows) found.push_back(to_invitation(row));
    return found;
}

}  // namespace

constexpr db::Statement find_invitation_by_token_sql{
    "find_invitation_by_token",
    "SELECT invitation_id, org_id, email, name, role, invited_by, created_at, expires_at, NULL::text[] "
    "FROM invitation_of_token($1, $2)"};

awaitable<std::optional<Invitation>> find_invitation_by_token(db::Transaction& tx, Sha256 token_hash, UnixMillis now) {
    const auto rows = co_await tx.run(find_invitation_by_token_sql, token_hash, db::Time{now});
    co_return first_invitation(rows);
}

constexpr db::Statement insert_invitation_sql{"insert_invitation",
                                              "INSERT INTO invitations (invitation_id, token_sha256, org_id, email, "
                                              "email_key, name, role, invited_by, created_at, "
                                              "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};

awaitable<Invited> invite(db::Transaction& tx, access::OrgId org_id, NewInvitation invitation, UnixMillis now) {
    Invited made;
    made.token = to_base64url(random_bytes(32));
    made.invitation = {access::InvitationId(random_id("i_")),
                       std::move(org_id),
                       std::move(invitation.email),
                       std::move(invitation.name),
                       std::move(invitation.role),
                       std::move(invitation.invited_by),
                       now,
                       now + invitation_lifetime};
    const auto& m = made.invitation;
    const auto hash = sha256(made.token);
    co_await tx.run(insert_invitation_sql, m.id, hash, m.org_id, m.email, email_key(m.email), m.name, m.role.key,
                    m.invited_by, db::Time{m.created_at}, db::Time{m.expires_at});
    co_return made;
}

constexpr db::Statement list_invitations_sql{
    "list_invitations",
    "SELECT invitation_id, org_id, email, name, role, invited_by, created_at, expires_at, "
    "(SELECT r.permissions FROM roles r WHERE r.org_id = invitations.org_id AND r.key = invitations.role) "
    "FROM invitations "
    "WHERE org_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2 "
    "AND (created_at, invitation_id COLLATE \"C\") > ($3, $4) ORDER BY created_at, invitation_id COLLATE \"C\" LIMIT "
    "$5"};

awaitable<std::vector<Invitation>> list_invitations(db::Transaction& tx, access::OrgId org_id, UnixMillis now,
                                                    InvitationPlace after, std::size_t limit) {
    const auto rows =
        co_await tx.run(list_invitations_sql, org_id, db::Time{now}, db::Time{after.created_at}, after.id, limit);
    co_return to_invitations(rows);
}

constexpr db::Statement lock_invitation_sql{
    "lock_invitation",
    "SELECT invitation_id, org_id, email, name, role, invited_by, created_at, expires_at, "
    "(SELECT r.permissions FROM roles r WHERE r.org_id = invitations.org_id AND r.key = invitations.role) "
    "FROM invitations "
    "WHERE org_id = $1 AND invitation_id = $2 AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3 "
    "FOR UPDATE"};

awaitable<std::optional<Invitation>> lock_invitation(db::Transaction& tx, access::OrgId org_id, access::InvitationId id,
                                                     UnixMillis now) {
    const auto rows = co_await tx.run(lock_invitation_sql, org_id, id, db::Time{now});
    co_return first_invitation(rows);
}

constexpr db::Statement lock_invitations_of_sql{
    "lock_invitations_of",
    "SELECT invitation_id, org_id, email, name, role, invited_by, created_at, expires_at, "
    "(SELECT r.permissions FROM roles r WHERE r.org_id = invitations.org_id AND r.key = invitations.role) "
    "FROM invitations "
    "WHERE org_id = $1 AND (email_key = $2 OR ($3 <> '' AND invited_by = $3)) "
    "AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $4 ORDER BY invitation_id FOR UPDATE"};

awaitable<std::vector<Invitation>> lock_invitations_of(db::Transaction& tx, access::OrgId org_id, std::string email,
                                                       access::UserId user_id, UnixMillis now) {
    const auto rows = co_await tx.run(lock_invitations_of_sql, org_id, email_key(email), user_id, db::Time{now});
    co_return to_invitations(rows);
}

awaitable<std::vector<Invitation>> lock_invitations_to(db::Transaction& tx, access::OrgId org_id, std::string email,
                                                       UnixMillis now) {
    return lock_invitations_of(tx, std::move(org_id), std::move(email), access::UserId(), now);
}

constexpr db::Statement use_invitation_sql{"use_invitation",
                                           "UPDATE invitations SET used_at = $2 WHERE invitation_id = $1"};

awaitable<void> use_invitation(db::Transaction& tx, access::InvitationId id, UnixMillis now) {
    co_await tx.run(use_invitation_sql, id, db::Time{now});
}

constexpr db::Statement withdraw_invitation_sql{"withdraw_invitation",
                                                "UPDATE invitations SET withdrawn_at = $2 WHERE invitation_id = $1"};

awaitable<void> withdraw_invitation(db::Transaction& tx, access::InvitationId id, UnixMillis now) {
    co_await tx.run(withdraw_invitation_sql, id, db::Time{now});
}

}  // namespace fanion::cp::identity
