#include "control-plane/identity/sign_in_routes.hpp"

#include "common/json/writer.hpp"
#include "control-plane/access/permission.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/sign_in_attempts.hpp"
#include "control-plane/identity/sign_in_body.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

struct LoginRequest {
    std::string email;
    std::string password;
};

Result<LoginRequest> read_login_request(http::Call& call) {
    auto values = read_strings(call, {"email", "password"});
    if (!values) return values.error();
    return LoginRequest{std::move((*values)[0]), std::move((*values)[1])};
}

Error wrong_credentials() { return {Errc::unauthenticated, "the e-mail address or the password is wrong", {}}; }

http::Answer handle_login(http::Call& call) {
    auto given = read_login_request(call);
    if (!given) co_return given.error();
    const SignInAttempt attempt{given->email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    std::optional<Account> account;
    {
        auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
        account = co_await find_account(tx, given->email);
    }
    std::optional<std::string> stored_hash;
    if (account && !account->user.is_disabled) stored_hash = account->password_hash;
    auto matches = co_await call.services.passwords.verify(std::move(stored_hash), given->password);
    if (!matches) {
        co_await cancel_attempt(call.services, attempt);
        co_return matches.error();
    }
    if (!*matches) {
        access::UserId user_id;
        if (account) user_id = account->user.user_id;
        fail_attempt(call, attempt, std::move(user_id));
        co_return wrong_credentials();
    }
    co_await end_attempt(call.services, attempt, account->user.user_id);
    auto body = co_await start_session(call, std::move(*account));
    if (!body) co_return wrong_credentials();
    co_return net::json_response(std::move(*body));
}

http::Answer handle_refresh(http::Call& call) {
    auto given = read_strings(call, {"refresh_token"});
    if (!given) co_return given.error();
    auto body = co_await continue_session(call, std::move((*given)[0]));
    if (!body) co_return body.error();
    co_return net::json_response(std::move(*body));
}

http::Answer handle_logout(http::Call& call) {
    co_await end_session(call);
    co_return net::empty_response(204);
}

// Permissions are those that this credential has.
void write_permissions(json::Writer& w, const http::Call& call, access::Permissions permissions) {
    w.key("permissions").begin_array();
    (permissions & call.principal.limit).for_each([&](access::Permission permission) {
        w.string(name_of(permission));
    });
    w.end_array();
}

void write_own_access(json::Writer& w, const http::Call& call, const access::Membership& org) {
    const auto& grants = org.grants;
    w.begin_object().member("key", org.key).member("name", org.name).member("role", grants.role().key);
    write_permissions(w, call, grants.at({}));
    w.key("assignments").begin_array();
    for (const auto& assignment : grants.assignments()) {
        w.begin_object().member("project", assignment.project).key("environment");
        if (assignment.environment.empty()) {
            w.null();
        } else {
            w.string(assignment.environment);
        }
        w.member("role", assignment.role.key);
        write_permissions(w, call, grants.at(assignment.project, assignment.environment));
        w.end_object();
    }
    w.end_array().end_object();
}

awaitable<std::vector<access::Membership>> orgs_of_caller(http::Call& call) {
    if (call.principal.is_service()) co_return std::vector<access::Membership>{call.org};
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await orgs_of_user(tx, call.principal.user_id);
}

void write_caller(json::Writer& w, const http::Principal& who) {
    if (who.is_service()) {
        w.key("service_account").begin_object().member("id", who.account_id.str()).member("name", who.name);
    } else {
        w.key("user").begin_object().member("id", who.user_id.str()).member("email", who.email);
        w.member("name", who.name);
    }
    w.end_object();
    const auto* kind = who.is_service() ? "service_token" : who.is_token() ? "personal_token" : "session";
    w.key("credential").begin_object().member("kind", kind).member("id", who.credential_id()).key("scopes");
    w.begin_array();
    for (const auto& name : access::names_of(who.limit)) w.string(name);
    w.end_array().end_object();
}

http::Answer handle_me(http::Call& call) {
    const auto orgs = co_await orgs_of_caller(call);
    std::string body;
    json::Writer w(body);
    w.begin_object();
    write_caller(w, call.principal);
    w.key("orgs").begin_array();
    for (const auto& org : orgs) write_own_access(w, call, org);
    w.end_array().end_object();
    co_return net::json_response(std::move(body));
}

using access::Permission;
using net::Method;

constexpr http::Route sign_in_table[] = {
    {Method::post, "/api/v1/auth/login", Permission::open, handle_login},
    {Method::post, "/api/v1/auth/refresh", Permission::open, handle_refresh},
    {Method::post, "/api/v1/auth/logout", Permission::signed_in, handle_logout, "", http::PatchForms::merge,
     http::Caller::session},
    {Method::get, "/api/v1/auth/me", Permission::signed_in, handle_me},
};

}  // namespace

std::span<const http::Route> sign_in_routes() noexcept { return sign_in_table; }

}  // namespace fanion::cp::identity
