#include "control-plane/app/password_reset.hpp"

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::app {

namespace {

constexpr UnixMillis reset_lifetime = 24LL * 60 * 60 * 1000;

audit::AuditEntry issued_entry(const access::UserId& user_id, UnixMillis now) {
    audit::AuditEntry entry;
    entry.at = now;
    entry.actor_kind = access::ActorKind::host_operator;
    entry.action = audit::Action::password_reset_issued;
    entry.resource = "members/" + user_id.str();
    return entry;
}

}  // namespace

boost::asio::awaitable<Result<std::string>> make_password_reset(db::Pool& pool, std::string email, UnixMillis now) {
    auto tx = co_await pool.begin(db::Scope::none());
    const auto account = co_await identity::find_account(tx, email);
    if (!account) co_return Error{Errc::not_found, "there is no account with the address " + email, {}};
    auto token = to_base64url(random_bytes(32));
    const auto hash = sha256(token);
    co_await identity::insert_password_reset(tx, hash, account->user.user_id, now + reset_lifetime);
    auto entry = issued_entry(account->user.user_id, now);
    co_await identity::append_for(tx, account->user.user_id, std::move(entry));
    co_await tx.commit();
    co_return token;
}

}  // namespace fanion::cp::app
