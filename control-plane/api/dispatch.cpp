// From the router to a handler: credential, organisation, permission, query; and what is thrown on the way back.

#include <boost/asio/awaitable.hpp>

#include "common/base/ids.hpp"
#include "control-plane/api/audit_trail.hpp"
#include "control-plane/api/routes.hpp"
#include "control-plane/store/keys.hpp"
#include "control-plane/store/user_sessions.hpp"
#include "control-plane/store/users.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

Error no_credential() {
    return {Errc::unauthenticated, "sign in first: send Authorization: Bearer <access token>", {}};
}

// A key of an application or a relay is no credential here; whose it is stays untold.
awaitable<Result<>> refuse_key(Call& call, std::string credential) {
    auto tx = co_await call.services.pool.begin(pg::Scope::none(), pg::Mode::snapshot);
    const auto hash = sha256(credential);
    const auto key = co_await store::find_key_owner(tx, hash);
    if (!key) co_return no_credential();
    call.principal = {key->key_id, "", "", key->key_id, "key"};
    call.org.org_id = key->org_id;
    co_return Error{Errc::forbidden, "keys of applications and relays do not open the admin API", {}};
}

awaitable<Result<>> authenticate(Call& call) {
    const std::string credential(call.request.credential());
    if (credential.empty()) co_return no_credential();
    if (parse_api_key(credential)) co_return co_await refuse_key(call, credential);
    auto claims = call.services.tokens.verify(credential, call.now());
    if (!claims) co_return claims.error();
    auto tx = co_await call.services.pool.begin(pg::Scope::none(), pg::Mode::snapshot);
    const bool is_live = co_await store::is_family_live(tx, claims->family);
    auto user = co_await store::find_user(tx, claims->user_id);
    if (!is_live || !user || user->is_disabled) co_return Error{Errc::unauthenticated, "this sign-in has ended", {}};
    call.principal = {user->user_id, user->email, user->name, claims->family};
    const auto org_key = call.param("org");
    if (org_key.empty()) co_return boost::system::in_place_value;
    auto membership = co_await store::find_membership(tx, user->user_id, org_key);
    if (!membership) co_return not_found("organisation");
    call.org = std::move(*membership);
    if (!call.may(call.route.permission)) co_return forbidden(call.route.permission);
    co_return boost::system::in_place_value;
}

awaitable<net::Response> answer(Call& call) {
    if (call.route.permission != domain::Permission::open) {
        auto known = co_await authenticate(call);
        if (!known) co_return problem(call, known.error());
    }
    if (auto ok = check_query(call); !ok) co_return problem(call, ok.error());
    co_return co_await call.route.handler(call);
}

// Anybody may send a client key, which is no secret: what it is refused tells an organisation nothing.
bool is_to_be_recorded(const Call& call, const net::Response& response) {
    const auto key = parse_api_key(call.request.credential());
    return response.status == 403 && !(key && key->kind == "cli");
}

awaitable<net::Response> answer_and_record(Call& call) {
    auto response = co_await answer(call);
    const bool is_refusal = is_to_be_recorded(call, response);
    if (is_refusal) co_await record_refusal(call);
    co_return response;
}

// Nothing: not for us to answer; the session logs it and answers 500.
std::optional<Error> error_of(const pg::PgError& thrown) {
    if (thrown.is_unavailable() || thrown.is_serialization_failure()) {
        return Error{Errc::unavailable, "the database cannot be reached at the moment; try again", {}};
    }
    if (thrown.is_bad_text()) return Error{Errc::invalid_input, "texts cannot hold the character U+0000", {}};
    return std::nullopt;
}

awaitable<net::Response> run_route(const Route& route, Services& services, net::Request& request) {
    Call call{request, services, route, {}, {}};
    std::optional<Error> failed;
    try {
        co_return co_await answer_and_record(call);
    } catch (const pg::PgError& thrown) {
        failed = error_of(thrown);
        if (!failed) throw;
        services.log.warn("admin_request_failed", {{"request_id", request.request_id()}, {"reason", thrown.what()}});
    }
    co_return problem(call, *failed);
}

}  // namespace

void add_routes(net::Router& router, Services& services) {
    for (const auto& route : routes()) {
        auto handler = [&route, &services](net::Request& request) { return run_route(route, services, request); };
        router.async(route.method, route.pattern, std::move(handler));
    }
}

}  // namespace fanion::api
