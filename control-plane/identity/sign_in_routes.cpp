#include "control-plane/identity/sign_in_routes.hpp"

#include <array>

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/password_rules.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// The body's members of these names: all of them are required strings, and there are no others.
template <std::size_t Count>
Result<std::array<std::string, Count>> read_strings(http::Call& call, const char* const (&names)[Count]) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    return body::read_object((*body)->root(), [&](json::Reader& r, std::vector<Finding>&) {
        std::array<std::string, Count> values;
        for (std::size_t i = 0; i < Count; ++i) values[i] = r.string(names[i]);
        return values;
    });
}

struct SetupRequest {
    std::string token;
    std::string password;
};

Result<SetupRequest> read_setup_request(http::Call& call) {
    auto values = read_strings(call, {"token", "password"});
    if (!values) return values.error();
    return SetupRequest{std::move((*values)[0]), std::move((*values)[1])};
}

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
Error wrong_token() { return {Errc::unauthenticated, "the token is not valid, has been used or has expired", {}}; }

// Accepting an invitation starts a session.
audit::AuditEntry joined_entry(http::Call& call, const Invitation& invitation, access::SessionId session_id) {
    auto entry = session_entry(call, audit::Action::member_joined, invitation.user_id, std::move(session_id));
    entry.org_id = invitation.org_id;
    entry.after = "{\"role\":\"" + std::string(access::name_of(invitation.role)) + "\"}";
    return entry;
}

struct InvitedUser {
    Invitation invitation;
    User user;
    access::SessionId session_id;  // of the session that accepting the invitation starts
};

awaitable<std::optional<InvitedUser>> find_invited(http::Call& call, Sha256 token_hash) {
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    auto invitation = co_await lock_invitation(tx, token_hash, call.now());
    if (!invitation) co_return std::nullopt;
    auto user = co_await find_user(tx, invitation->user_id);
    if (!user || user->is_disabled) co_return std::nullopt;
    co_return InvitedUser{std::move(*invitation), std::move(*user), new_session_id()};
}

// Makes the person a member, marks the invitation as used and starts a session. Returns the response's body; nullopt when the
// invitation was accepted or the password changed since `invited` was read.
awaitable<std::optional<std::string>> accept_invitation(http::Call& call, Sha256 token_hash, InvitedUser invited,
                                                        std::optional<std::string> new_hash) {
    auto tx = co_await call.services.pool.begin(db::Scope::tenant(invited.invitation.org_id.str()));
    auto invitation = co_await lock_invitation(tx, token_hash, call.now());
    auto user = co_await find_user(tx, invited.user.user_id);
    if (!invitation || !user || user->password_hash != invited.user.password_hash) co_return std::nullopt;
    if (new_hash) co_await set_password(tx, user->user_id, *new_hash);
    co_await use_invitation(tx, token_hash, call.now());
    co_await put_membership(tx, invitation->org_id, invitation->user_id, invitation->role);
    auto body = co_await issue_session(call.services, tx, user->user_id, invited.session_id);
    co_await audit::append_audit(tx, joined_entry(call, *invitation, invited.session_id));
    co_await tx.commit();
    co_return body;
}

// Verifies the password of a person who has one (the result is nullopt), else returns the hash of the new one.
awaitable<Result<std::optional<std::string>>> verify_or_hash(http::Call& call, const User& user, std::string password) {
    std::optional<std::string> hash;
    if (user.password_hash) {
        auto matches = co_await call.services.passwords.verify(user.password_hash, std::move(password));
        if (!matches) co_return matches.error();
        if (!*matches) co_return wrong_token();
        co_return hash;
    }
    if (auto ok = check_password(password); !ok) co_return ok.error();
    auto made = co_await call.services.passwords.hash(std::move(password));
    if (!made) co_return made.error();
    hash = std::move(*made);
    co_return hash;
}

// `user_id`: whose account it was; empty when there is no such account.
awaitable<void> deny(http::Call& call, SignInAttempt attempt, access::UserId user_id) {
    co_await record_failure(call.services, std::move(attempt));
    record_denial(call, std::move(user_id));
}

http::Answer handle_setup(http::Call& call) {
    auto given = read_setup_request(call);
    if (!given) co_return given.error();
    const SignInAttempt attempt{"setup", std::string(call.request.peer)};
    auto turn = co_await wait_for_attempt(call.services, attempt);
    if (!turn) co_return turn.error();
    const auto token_hash = sha256(given->token);
    auto invited = co_await find_invited(call, token_hash);
    if (!invited) {
        co_await record_failure(call.services, attempt);
        co_return wrong_token();
    }
    auto new_hash = co_await verify_or_hash(call, invited->user, given->password);
    if (!new_hash) {
        if (new_hash.error().code == Errc::unauthenticated) co_await deny(call, attempt, invited->user.user_id);
        co_return new_hash.error();
    }
    auto body = co_await accept_invitation(call, token_hash, std::move(*invited), std::move(*new_hash));
    if (!body) co_return wrong_token();
    co_return net::json_response(std::move(*body));
}

http::Answer handle_login(http::Call& call) {
    auto given = read_login_request(call);
    if (!given) co_return given.error();
    const SignInAttempt attempt{to_lower_ascii(given->email).substr(0, 320), std::string(call.request.peer)};
    auto turn = co_await wait_for_attempt(call.services, attempt);
    if (!turn) co_return turn.error();
    std::optional<User> user;
    {
        auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
        user = co_await find_user_by_email(tx, given->email);
    }
    std::optional<std::string> stored_hash;
    if (user && !user->is_disabled) stored_hash = user->password_hash;
    auto matches = co_await call.services.passwords.verify(std::move(stored_hash), given->password);
    if (!matches) co_return matches.error();
    if (!*matches) {
        access::UserId user_id;
        if (user) user_id = user->user_id;
        co_await deny(call, attempt, std::move(user_id));
        co_return wrong_credentials();
    }
    co_await record_success(call.services, attempt);
    auto body = co_await start_session(call, user->user_id);
    co_return net::json_response(std::move(body));
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

http::Answer handle_me(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto orgs = co_await orgs_of_user(tx, call.principal.user_id);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("user").begin_object().member("id", call.principal.user_id.str());
    w.member("email", call.principal.email).member("name", call.principal.name).end_object().key("orgs").begin_array();
    for (const auto& org : orgs) {
        w.begin_object().member("key", org.key).member("name", org.name);
        w.member("role", access::name_of(org.role)).end_object();
    }
    w.end_array().end_object();
    co_return net::json_response(std::move(body));
}

using access::Permission;
using net::Method;

constexpr http::Route sign_in_table[] = {
    {Method::post, "/api/v1/auth/setup", Permission::open, handle_setup},
    {Method::post, "/api/v1/auth/login", Permission::open, handle_login},
    {Method::post, "/api/v1/auth/refresh", Permission::open, handle_refresh},
    {Method::post, "/api/v1/auth/logout", Permission::signed_in, handle_logout},
    {Method::get, "/api/v1/auth/me", Permission::signed_in, handle_me},
};

}  // namespace

std::span<const http::Route> sign_in_routes() noexcept { return sign_in_table; }

}  // namespace fanion::cp::identity
