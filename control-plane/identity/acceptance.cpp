#include "control-plane/identity/acceptance.hpp"

#include "common/base/ids.hpp"
#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/second_factor.hpp"
#include "control-plane/identity/sessions.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// Accepting an invitation starts a session. Only who was no member joins: nothing was before.
audit::AuditEntry joined_entry(http::Call& call, const Invitation& invitation, access::UserId user_id,
                               access::SessionId session_id) {
    auto entry = session_entry(call, audit::Action::member_joined, std::move(user_id), std::move(session_id));
    entry.org_id = invitation.org_id;
    entry.after = "{\"role\":\"" + invitation.role.key + "\"}";
    return entry;
}

// Whether its role exists, and whoever gave the invitation could still give it.
awaitable<bool> is_still_given(db::Transaction& tx, Invitation invitation) {
    const auto role = co_await access::role_to_give(tx, invitation.org_id, invitation.role.key);
    if (!role) co_return false;
    if (invitation.invited_by.empty()) co_return true;
    const auto inviter = co_await access::grants_of_member(tx, invitation.org_id, invitation.invited_by);
    co_return inviter && inviter->at({}).has(access::Permission::manage_members) &&
        inviter->throughout().contains(role->permissions);
}

// The id of the person whose password was verified, or who gets an account with `new_hash`. nullopt when the account is not
// what it was.
awaitable<std::optional<access::UserId>> settle_account(db::Transaction& tx, Invitee invitee,
                                                        std::optional<std::string> new_hash) {
    if (invitee.account) co_await lock_user(tx, invitee.account->user.user_id);
    auto present = co_await find_account(tx, invitee.invitation.email);
    if (present) {
        if (new_hash || present != invitee.account) co_return std::nullopt;
        co_return present->user.user_id;
    }
    if (!new_hash) co_return std::nullopt;
    User user{access::UserId(random_id("u_")), invitee.invitation.email, invitee.invitation.name};
    const auto user_id = user.user_id;
    const bool is_new = co_await insert_user(tx, std::move(user), *new_hash);
    if (!is_new) co_return std::nullopt;
    co_return user_id;
}

Error already_member() { return http::conflict("", "already_member", "you are a member of this organisation already"); }

}  // namespace

awaitable<std::optional<Invitee>> find_invitee(http::Call& call, Sha256 token_hash) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto invitation = co_await find_invitation_by_token(tx, token_hash, call.now());
    if (!invitation) co_return std::nullopt;
    auto account = co_await find_account(tx, invitation->email);
    if (account && account->user.is_disabled) co_return std::nullopt;
    co_return Invitee{std::move(*invitation), std::move(account)};
}

awaitable<Result<Joined>> accept_invitation(http::Call& call, Invitee invitee, std::optional<std::string> new_hash,
                                            std::string code, std::optional<BrowserSite> browser) {
    const auto org_id = invitee.invitation.org_id;
    auto tx = co_await call.services.pool.begin(db::Scope::tenant(org_id.str()));
    const auto invitation = co_await lock_invitation(tx, org_id, invitee.invitation.id, call.now());
    if (!invitation) co_return wrong_token();
    const bool is_given = co_await is_still_given(tx, *invitation);
    if (!is_given) co_return wrong_token();
    const auto user_id = co_await settle_account(tx, std::move(invitee), std::move(new_hash));
    if (!user_id) co_return wrong_token();
    auto passed = co_await pass_second_factor(call.services, tx, *user_id, std::move(code));
    if (!passed) co_return passed.error();
    const auto present = co_await find_member_by_email(tx, org_id, invitation->email);  // with whatever account
    if (present) co_return already_member();
    const bool is_new = co_await insert_member(tx, org_id, *user_id, invitation->role.key, invitation->name);
    if (!is_new) co_return already_member();
    co_await use_invitation(tx, invitation->id, call.now());
    const auto session_id = new_session_id();
    auto response = co_await issue_session(call, tx, *user_id, session_id, std::move(browser));
    auto entry = joined_entry(call, *invitation, *user_id, session_id);
    const auto entry_id = co_await audit::append_audit(tx, std::move(entry));
    if (entry_id.empty()) co_return wrong_token();  // the organisation has just been deleted
    co_await tx.commit();
    co_return Joined{*user_id, std::move(response)};
}

Error wrong_token() {
    const char* const detail = "the token is not valid, has been used or has expired";
    return {Errc::unauthenticated, detail, {{"", "/token", "wrong_token", detail}}};
}

}  // namespace fanion::cp::identity
