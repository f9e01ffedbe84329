#include "control-plane/identity/gate.hpp"

#include "common/base/ids.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/keys/key_request.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// The access token; without one, a token of a program, or the key of an application or relay, which is refused by its name.
std::string_view credential_of(const net::Request& request) noexcept {
    const auto token = request.credential(AccessTokens::has_form);
    return AccessTokens::has_form(token) ? token : request.credential(has_api_key_form);
}

Error no_credential() {
    return {Errc::unauthenticated, "no access token: sign in, and send it as Authorization: Bearer <access token>", {}};
}

Error unknown_token() { return {Errc::unauthenticated, "this token is not known here", {}}; }

Error mistyped_token() {
    return {Errc::unauthenticated, "this token or key is mistyped or incomplete: its checksum does not match", {}};
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

void note_token_use(http::Call& call, const tokens::Token& token) {
    const auto minute = tokens::use_to_record(token.last_used_at, call.now());
    if (minute) call.services.uses.note({{}, {}, token.token_id, *minute});
}

void note_session_use(http::Call& call, const access::SessionId& session_id, UnixMillis last_used_at) {
    const auto minute = tokens::use_to_record(last_used_at, call.now());
    if (minute) call.services.uses.note({session_id, place_of(call), {}, *minute});
}

Error too_many_requests(const quotas::Standing& standing, std::string_view whose) {
    return {
        Errc::rate_limited,
        "too many requests of " + std::string(whose) + ": try again in " + std::to_string(standing.retry_after) + " s",
        {}};
}

// Before anything is asked of the database. `credential`: a token, or the id of a session.
Result<> admit_credential(http::Call& call, std::string_view credential) {
    call.standing = call.services.limits.take_of_credential(credential);
    if (!call.standing || call.standing->is_admitted) return boost::system::in_place_value;
    return too_many_requests(*call.standing, "this credential");
}

Result<> admit_organisation(http::Call& call) {
    if (call.org.org_id.empty()) return boost::system::in_place_value;
    const auto standing = call.services.limits.take_of_organisation(call.org.org_id);
    if (!standing) return boost::system::in_place_value;
    const bool is_stricter = !call.standing || standing->remaining < call.standing->remaining;
    if (is_stricter || !standing->is_admitted) call.standing = standing;
    if (standing->is_admitted) return boost::system::in_place_value;
    return too_many_requests(*standing, "this organisation");
}

// What a person is in the organisation of the path, if it names one.
awaitable<Result<>> enter_organisation(http::Call& call, db::Transaction& tx) {
    const auto org_key = call.param("org");
    if (org_key.empty()) co_return boost::system::in_place_value;
    if (!http::is_text(org_key)) co_return http::not_found("organisation");
    auto membership = co_await find_membership(tx, call.principal.user_id, org_key);
    if (!membership || !call.principal.enters(*membership)) co_return http::not_found("organisation");
    call.org = std::move(*membership);
    if (call.org.lacks_second_factor) {
        co_return http::forbidden("second_factor_required",
                                  "this organisation requires a second factor: set one up at /auth/second-factor");
    }
    co_return boost::system::in_place_value;
}

awaitable<Result<>> admit_personal_token(http::Call& call, std::string credential) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto hash = sha256(credential);
    auto found = co_await tokens::find_personal_token_owner(tx, hash);
    if (!found || found->is_disabled) co_return unknown_token();
    if (auto live = tokens::check_live(found->token, call.now()); !live) co_return live.error();
    note_token_use(call, found->token);
    auto& who = call.principal;
    who.user_id = std::move(found->user_id);
    who.email = std::move(found->email);
    who.name = std::move(found->name);
    who.token_id = found->token.token_id;
    who.limit = found->token.scopes;
    co_return co_await enter_organisation(call, tx);
}

// Other organisations do not exist for a service account.
awaitable<Result<>> admit_service_token(http::Call& call, std::string credential) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto hash = sha256(credential);
    auto found = co_await tokens::find_service_token_owner(tx, hash);
    if (!found) co_return unknown_token();
    if (auto live = tokens::check_live(found->token.token, call.now()); !live) co_return live.error();
    note_token_use(call, found->token.token);
    auto& who = call.principal;
    who.kind = access::ActorKind::service;
    who.account_id = found->token.account_id;
    who.name = found->token.token.name;
    who.token_id = found->token.token.token_id;
    who.limit = found->token.token.scopes;
    const auto org_key = call.param("org");
    if (!org_key.empty() && org_key != found->org.key) co_return http::not_found("organisation");
    call.org = std::move(found->org);
    co_return boost::system::in_place_value;
}

awaitable<Result<>> admit_session(http::Call& call, std::string credential) {
    auto claims = call.services.tokens.verify(credential, call.now());
    if (!claims) co_return claims.error();
    if (auto ok = admit_credential(call, claims->session_id.str()); !ok) co_return ok.error();
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto live = co_await find_live_session(tx, claims->session_id, call.now());
    auto user = co_await find_user(tx, claims->user_id);
    if (!live || !user || user->is_disabled)
        co_return Error{Errc::unauthenticated, "the session has ended: sign in again", {}};
    note_session_use(call, claims->session_id, live->last_used_at);
    auto& who = call.principal;
    who.user_id = std::move(user->user_id);
    who.email = std::move(user->email);
    who.name = std::move(user->name);
    who.session_id = std::move(claims->session_id);
    who.only_org = std::move(live->only_org);
    co_return co_await enter_organisation(call, tx);
}

// Who it is is known before the request is refused, so that the log has whose cookie was tried.
awaitable<Result<>> admit_cookie(http::Call& call, OwnCookie cookie) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto hash = sha256(cookie.value);
    auto found = co_await find_cookie_owner(tx, hash, call.now());
    if (!found || found->user.is_disabled)
        co_return Error{Errc::unauthenticated, "the session has ended: sign in again", {}};
    auto& who = call.principal;
    who.user_id = std::move(found->user.user_id);
    who.email = std::move(found->user.email);
    who.name = std::move(found->user.name);
    who.session_id = std::move(found->session_id);
    who.only_org = std::move(found->live.only_org);
    const auto& request = call.request;
    const bool is_read = request.method == net::Method::get || request.method == net::Method::head;
    const RequestSource source{!is_read, request.header("Origin"), request.header("Sec-Fetch-Site")};
    if (auto ok = check_source(source, cookie.site); !ok) co_return ok.error();
    note_session_use(call, who.session_id, found->live.last_used_at);
    co_return co_await enter_organisation(call, tx);
}

Error two_credentials() {
    const std::string detail = "the request has a cookie and a token: send one of them";
    return {Errc::invalid_input, detail, {{"", "", "two_credentials", detail}}};
}

awaitable<Result<>> identify(http::Call& call) {
    std::string credential(credential_of(call.request));
    auto cookie = own_cookie(call);
    if (cookie) {
        // What is no token of ours is of a proxy in between.
        const bool is_ours = AccessTokens::has_form(credential) || has_api_key_form(credential);
        if (is_ours) co_return two_credentials();
        co_return co_await admit_cookie(call, std::move(*cookie));
    }
    if (credential.empty()) co_return no_credential();
    const auto key = parse_api_key(credential);
    if (!key) {
        if (has_api_key_form(credential)) co_return mistyped_token();
        co_return co_await admit_session(call, std::move(credential));
    }
    if (auto ok = admit_credential(call, credential); !ok) co_return ok.error();
    if (key->kind == "pat") co_return co_await admit_personal_token(call, std::move(credential));
    if (key->kind == "svc") co_return co_await admit_service_token(call, std::move(credential));
    co_return co_await refuse_key(call, std::move(credential));
}

awaitable<Result<>> authenticate(http::Call& call) {
    auto known = co_await identify(call);
    if (!known) co_return known.error();
    if (auto ok = admit_organisation(call); !ok) co_return ok.error();
    co_return http::admit(call);
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
