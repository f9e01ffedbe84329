#include "control-plane/identity/gate.hpp"

#include "common/base/ids.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/keys/key_request.hpp"
#include "control-plane/keys/key_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// The access token; without one, the key of an application or relay, which is refused by its name.
std::string_view credential_of(const net::Request& request) noexcept {
    const auto token = request.credential(AccessTokens::has_form);
    return AccessTokens::has_form(token) ? token : request.credential(has_api_key_form);
}

Error no_credential() {
    return {Errc::unauthenticated, "no access token: sign in, and send it as Authorization: Bearer <access token>", {}};
}

// Keys of applications and relays do not authenticate here. The response does not tell whose key it is.
awaitable<Result<>> refuse_key(http::Call& call, std::string credential) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto hash = sha256(credential);
    const auto key = co_await keys::find_key_owner(tx, hash);
    if (!key) co_return no_credential();
    call.principal.kind = access::ActorKind::key;
    call.principal.key_id = key->key_id;
    call.org.org_id = key->org_id;
    co_return Error{Errc::forbidden, "keys of applications and relays cannot be used with the admin API: sign in", {}};
}

// Sets the permissions at the place that the path names. What may not be read there is not found, as in lists.
Result<> admit(http::Call& call) {
    const auto project = call.request.param("project");
    const auto environment = call.request.param("env");
    call.permissions = call.permissions_at(project, environment);
    const auto needed = call.route.permission;
    if (call.has_permission(needed)) return boost::system::in_place_value;
    const bool is_hidden = !project.empty() && !call.has_permission(access::Permission::read);
    if (!is_hidden) return http::forbidden(needed);
    const bool is_project_shown = call.permissions_at(project, {}).has(access::Permission::read);
    return http::not_found(is_project_shown ? "environment" : "project");
}

awaitable<Result<>> authenticate(http::Call& call) {
    const std::string credential(credential_of(call.request));
    if (credential.empty()) co_return no_credential();
    if (parse_api_key(credential)) co_return co_await refuse_key(call, credential);
    auto claims = call.services.tokens.verify(credential, call.now());
    if (!claims) co_return claims.error();
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const bool is_live = co_await is_session_live(tx, claims->session_id);
    auto user = co_await find_user(tx, claims->user_id);
    if (!is_live || !user || user->is_disabled)
        co_return Error{Errc::unauthenticated, "the session has ended: sign in again", {}};
    call.principal = {access::ActorKind::user,   user->user_id, user->email, user->name, claims->session_id, {},
                      access::Permissions::all()};
    const auto org_key = call.param("org");
    if (org_key.empty()) co_return boost::system::in_place_value;
    if (!http::is_text(org_key)) co_return http::not_found("organisation");
    auto membership = co_await find_membership(tx, user->user_id, org_key);
    if (!membership) co_return http::not_found("organisation");
    call.org = std::move(*membership);
    co_return admit(call);
}

// Client keys are public, so anybody can send one: such refusals are not worth an entry.
bool should_audit_refusal(const http::Call& call) {
    const auto key = parse_api_key(credential_of(call.request));
    return !(key && key->kind == keys::key_prefix(model::AccessEntry::Kind::client));
}

awaitable<void> audit_refusal(http::Call& call) {
    if (should_audit_refusal(call)) co_await record_refusal(call);
}

}  // namespace

const http::Gate gate{authenticate, audit_refusal};

}  // namespace fanion::cp::identity
