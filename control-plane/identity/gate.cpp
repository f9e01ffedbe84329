#include "control-plane/identity/gate.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/keys/key_request.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/quotas/limits.hpp"

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

// The organisation that the path names, as its key; empty for what is no text and cannot be asked for.
std::string org_key_of(const http::Call& call) {
    auto key = call.param("org");
    return http::is_text(key) ? key : std::string();
}

// What a person is in the organisation of the path, if it names one.
Result<> enter_organisation(http::Call& call, const Admission& admission) {
    if (call.request.param("org").empty()) return boost::system::in_place_value;
    if (!admission.org) return http::not_found("organisation", "{org}");
    call.org = *admission.org;
    if (!call.principal.enters(call.org)) {
        call.org = {};
        return http::not_found("organisation", "{org}");
    }
    if (!call.org.lacks_second_factor) return boost::system::in_place_value;
    return http::forbidden("second_factor_required",
                           "this organisation requires a second factor: set one up at /auth/second-factor");
}

Result<> enter(http::Call& call, const Admission& admission) {
    call.principal = admission.principal;
    call.state = admission.state;
    const auto minute = tokens::use_to_record(admission.last_used_at, call.now());
    if (minute) {
        const auto& who = call.principal;
        const bool is_token = who.is_token();
        call.services.uses.note({is_token ? access::SessionId() : who.session_id,
                                 is_token ? SessionPlace() : place_of(call), who.token_id, *minute});
    }
    if (!call.principal.is_service()) return enter_organisation(call, admission);
    // Other organisations do not exist for a service account.
    const auto org_key = call.request.param("org");
    if (!org_key.empty() && org_key != admission.org->key) return http::not_found("organisation", "{org}");
    call.org = *admission.org;
    return boost::system::in_place_value;
}

// What is known of the credential and still holds. Writes ask anew: each of them changes what was known.
awaitable<AdmissionPtr> recall(http::Call& call, Credential credential) {
    const bool is_read = call.request.method == net::Method::get || call.request.method == net::Method::head;
    if (!is_read) co_return nullptr;
    const auto org_key = org_key_of(call);
    co_return co_await call.services.admissions.recall(credential, org_key, call.now());
}

AdmissionPtr keep(http::Call& call, Admission admission) {
    auto kept = std::make_shared<const Admission>(std::move(admission));
    call.services.admissions.keep(org_key_of(call), kept);
    return kept;
}

http::Principal principal_of(User user) {
    http::Principal who;
    who.user_id = std::move(user.user_id);
    who.email = std::move(user.email);
    who.name = std::move(user.name);
    return who;
}

Error ended_session() { return {Errc::unauthenticated, "the session has ended: sign in again", {}}; }

Credential hashed(Credential::Kind kind, const Sha256& hash) { return {kind, to_hex(hash)}; }

awaitable<Result<>> admit_personal_token(http::Call& call, std::string text) {
    const auto hash = sha256(text);
    const auto credential = hashed(Credential::Kind::personal, hash);
    if (const auto known = co_await recall(call, credential)) co_return enter(call, *known);
    const auto org_key = org_key_of(call);
    auto found = co_await find_personal_token_owner(call.services.pool, hash, org_key, call.now());
    if (!found || found->user.is_disabled) co_return unknown_token();
    if (auto live = tokens::check_live(found->token, call.now()); !live) co_return live.error();
    auto who = principal_of(std::move(found->user));
    who.token_id = found->token.token_id;
    who.limit = found->token.scopes;
    const auto admission = keep(
        call, {credential, std::move(who), std::move(found->org), found->token.last_used_at, std::move(found->state)});
    co_return enter(call, *admission);
}

awaitable<Result<>> admit_service_token(http::Call& call, std::string text) {
    const auto hash = sha256(text);
    const auto credential = hashed(Credential::Kind::service, hash);
    if (const auto known = co_await recall(call, credential)) co_return enter(call, *known);
    auto found = co_await find_service_token_owner(call.services.pool, hash, call.now());
    if (!found) co_return unknown_token();
    const auto& token = found->token.token;
    if (auto live = tokens::check_live(token, call.now()); !live) co_return live.error();
    http::Principal who;
    who.kind = access::ActorKind::service;
    who.account_id = found->token.account_id;
    who.name = token.name;
    who.token_id = token.token_id;
    who.limit = token.scopes;
    const auto admission =
        keep(call, {credential, std::move(who), std::move(found->org), token.last_used_at, std::move(found->state)});
    co_return enter(call, *admission);
}

awaitable<Result<>> admit_session(http::Call& call, std::string text) {
    auto claims = call.services.admissions.verify(call.services.tokens, text, call.now());
    if (!claims) co_return claims.error();
    if (auto ok = admit_credential(call, claims->session_id.str()); !ok) co_return ok.error();
    const Credential credential{Credential::Kind::session, claims->session_id.str()};
    if (const auto known = co_await recall(call, credential)) co_return enter(call, *known);
    const auto org_key = org_key_of(call);
    auto found =
        co_await find_session_owner(call.services.pool, claims->session_id, claims->user_id, org_key, call.now());
    if (!found || found->user.is_disabled) co_return ended_session();
    auto who = principal_of(std::move(found->user));
    who.session_id = std::move(found->session_id);
    who.only_org = std::move(found->only_org);
    const auto admission =
        keep(call, {credential, std::move(who), std::move(found->org), found->last_used_at, std::move(found->state)});
    co_return enter(call, *admission);
}

// Who it is is known before the request is refused, so that the log has whose cookie was tried.
Result<> enter_by_cookie(http::Call& call, const Admission& admission, const BrowserSite& site) {
    const auto& request = call.request;
    const bool is_read = request.method == net::Method::get || request.method == net::Method::head;
    const RequestSource source{!is_read, request.header("Origin"), request.header("Sec-Fetch-Site")};
    if (auto ok = check_source(source, site); !ok) {
        call.principal = admission.principal;
        return ok.error();
    }
    return enter(call, admission);
}

awaitable<Result<>> admit_cookie(http::Call& call, OwnCookie cookie) {
    const auto hash = sha256(cookie.value);
    const auto credential = hashed(Credential::Kind::cookie, hash);
    if (const auto known = co_await recall(call, credential)) co_return enter_by_cookie(call, *known, cookie.site);
    const auto org_key = org_key_of(call);
    auto found = co_await find_cookie_owner(call.services.pool, hash, org_key, call.now());
    if (!found || found->user.is_disabled) co_return ended_session();
    auto who = principal_of(std::move(found->user));
    who.session_id = std::move(found->session_id);
    who.only_org = std::move(found->only_org);
    const auto admission =
        keep(call, {credential, std::move(who), std::move(found->org), found->last_used_at, std::move(found->state)});
    co_return enter_by_cookie(call, *admission, cookie.site);
}

Error two_credentials() {
    const std::string detail = "the request has a cookie and a token: send one of them";
    return {Errc::invalid_input, detail, {{"", "", "two_credentials", detail}}};
}

bool is_ours(std::string_view token) noexcept { return AccessTokens::has_form(token) || has_api_key_form(token); }

// Which of them is meant, its sender has to say.
bool has_two_tokens(const net::Request& request) noexcept {
    constexpr std::string_view scheme = "Bearer ";
    const auto authorization = request.header("Authorization");
    const auto key = request.header("X-API-Key");
    if (authorization.size() <= scheme.size() || !is_ours(key)) return false;
    const auto token = trim(authorization.substr(scheme.size()));
    return is_ours(token) && token != key;
}

awaitable<Result<>> identify(http::Call& call) {
    if (has_two_tokens(call.request)) {
        const std::string detail = "Authorization and X-API-Key have different credentials: send one of them";
        co_return Error{Errc::invalid_input, detail, {{"", "", "two_credentials", detail}}};
    }
    std::string credential(credential_of(call.request));
    auto cookie = own_cookie(call);
    if (cookie) {
        // What is no token of ours is of a proxy in between.
        if (is_ours(credential)) co_return two_credentials();
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
