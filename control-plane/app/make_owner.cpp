#include "control-plane/app/make_owner.hpp"

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/identity/withdrawal.hpp"
#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::app {
namespace {

using boost::asio::awaitable;

awaitable<std::optional<access::OrgId>> org_id_of(db::Pool& pool, std::string key) {
    auto tx = co_await pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await projects::org_id_of_key(tx, std::move(key));
}

audit::AuditEntry operators_entry(access::OrgId org_id, UnixMillis now) {
    audit::AuditEntry entry;
    entry.org_id = std::move(org_id);
    entry.at = now;
    entry.actor_kind = access::ActorKind::host_operator;
    entry.comment = "make-owner";
    return entry;
}

awaitable<void> promote(db::Transaction& tx, access::OrgId org_id, identity::Member member, UnixMillis now) {
    auto entry = operators_entry(org_id, now);
    entry.action = audit::Action::member_updated;
    entry.resource = "members/" + member.user_id.str();
    entry.before = R"({"role":")" + member.role.key + "\"}";
    entry.after = R"({"role":"owner"})";
    const auto role = std::string(access::name_of(access::Role::owner));
    co_await identity::set_role(tx, std::move(org_id), member.user_id, role);
    co_await audit::append_audit(tx, std::move(entry));
}

// As POST members does it: the newest invitation of an address replaces the others.
awaitable<std::string> invite_owner(db::Transaction& tx, access::OrgId org_id, std::string email, UnixMillis now) {
    auto others = co_await identity::lock_invitations_to(tx, org_id, email, now);
    co_await identity::withdraw_all(tx, std::move(others), operators_entry(org_id, now));
    identity::NewInvitation owner{std::move(email), "", access::built_in(access::Role::owner), {}};
    auto invited = co_await identity::invite(tx, org_id, std::move(owner), now);
    auto entry = operators_entry(std::move(org_id), now);
    entry.action = audit::Action::member_invited;
    entry.resource = "invitations/" + invited.invitation.id.str();
    entry.after = http::to_text(identity::write_invitation, invited.invitation);
    co_await audit::append_audit(tx, std::move(entry));
    co_return std::move(invited.token);
}

}  // namespace

awaitable<Result<std::string>> promote_to_owner(db::Pool& pool, std::string email, std::string org_key,
                                                UnixMillis now) {
    if (!identity::is_email(email)) {
        co_return Error{Errc::invalid_input, "'" + email + "' is not a valid e-mail address", {}};
    }
    const auto org_id = co_await org_id_of(pool, org_key);
    if (!org_id) co_return Error{Errc::not_found, "there is no organisation with the key " + org_key, {}};
    auto tx = co_await pool.begin(db::Scope::tenant(org_id->str()));
    co_await access::lock_access(tx, *org_id, access::AccessLock::exclusive);
    const auto found = co_await identity::find_member_by_email(tx, *org_id, email);
    std::string token;
    if (!found) {
        token = co_await invite_owner(tx, *org_id, std::move(email), now);
    } else {
        auto member = co_await identity::lock_member(tx, *org_id, found->user_id);
        if (!member || access::is_owner(member->role)) co_return token;
        co_await promote(tx, *org_id, std::move(*member), now);
    }
    co_await tx.commit();
    co_return token;
}

}  // namespace fanion::cp::app
