#include "control-plane/app/make_owner.hpp"

#include "control-plane/access/named_role.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::app {
namespace {

using boost::asio::awaitable;

awaitable<std::optional<access::OrgId>> org_id_of(db::Pool& pool, std::string key) {
    auto tx = co_await pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await projects::org_id_of_key(tx, std::move(key));
}

awaitable<void> promote(db::Transaction& tx, access::OrgId org_id, identity::Member member, UnixMillis now) {
    audit::AuditEntry entry;
    entry.org_id = org_id;
    entry.at = now;
    entry.actor_kind = access::ActorKind::host_operator;
    entry.action = audit::Action::member_updated;
    entry.resource = "members/" + member.user_id.str();
    entry.comment = "make-owner";
    entry.before = R"({"role":")" + member.role.key + "\"}";
    entry.after = R"({"role":"owner"})";
    const auto role = std::string(access::name_of(access::Role::owner));
    co_await identity::set_role(tx, org_id, member.user_id, role);
    co_await audit::append_audit(tx, std::move(entry));
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
    auto member = co_await identity::find_member_by_email(tx, *org_id, email);
    if (member) {
        if (access::is_owner(member->role)) co_return std::string();
        co_await promote(tx, *org_id, std::move(*member), now);
        co_await tx.commit();
        co_return std::string();
    }
    identity::NewInvitation owner{email, "", access::built_in(access::Role::owner), {}};
    auto invited = co_await identity::invite(tx, *org_id, std::move(owner), now);
    co_await tx.commit();
    co_return std::move(invited.token);
}

}  // namespace fanion::cp::app
