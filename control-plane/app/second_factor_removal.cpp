#include "control-plane/app/second_factor_removal.hpp"

#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/second_factor_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::app {

boost::asio::awaitable<Result<>> remove_second_factor(db::Pool& pool, std::string email, UnixMillis now) {
    auto tx = co_await pool.begin(db::Scope::none());
    const auto account = co_await identity::find_account(tx, email);
    if (!account) co_return Error{Errc::not_found, "there is no account with the address " + email, {}};
    const auto user_id = account->user.user_id;
    co_await identity::lock_user(tx, user_id);
    const auto factor = co_await identity::find_second_factor(tx, user_id);
    if (!factor || !factor->confirmed_at) co_return Error{Errc::not_found, email + " has no second factor", {}};
    co_await identity::delete_second_factor(tx, user_id);
    audit::AuditEntry entry;
    entry.at = now;
    entry.actor_kind = access::ActorKind::host_operator;
    entry.action = audit::Action::second_factor_removed;
    entry.resource = "members/" + user_id.str() + "/second-factor";
    co_await identity::append_for(tx, user_id, std::move(entry));
    co_await tx.commit();
    co_return boost::system::in_place_value;
}

}  // namespace fanion::cp::app
