#include "control-plane/identity/setup_routes.hpp"

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/identity/acceptance.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/password_rules.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/identity/second_factor.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/sign_in.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

// A one-time token, and the password that the person has or wants. What is wrong with the password is said before anything is
// looked up: it must not tell whether there is an account.
struct TokenRequest {
    std::string token;
    std::string password;
    std::string code;                    // of the second factor; empty: none was sent
    bool wants_cookie = false;           // "session": true
    std::optional<BrowserSite> browser;  // if it does
};

Result<TokenRequest> read_token_request(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    auto given = body::read_object((*body)->root(), [](json::Reader& r, std::vector<Finding>&) {
        return TokenRequest{r.string("token"), r.string("password"), r.optional_string("code").value_or(""),
                            r.boolean("session", false), std::nullopt};
    });
    if (!given) return given.error();
    if (auto ok = check_password(given->password); !ok) return ok.error();
    if (!given->wants_cookie) return given;
    auto site = site_to_sign_in(call);
    if (!site) return site.error();
    given->browser = std::move(*site);
    return given;
}

// Verifies the password of a person who has one (the result is nullopt), else returns the hash of the new one. Where nobody
// gets an account, the response to an address without one is that to a wrong password.
awaitable<Result<std::optional<std::string>>> verify_or_hash(http::Call& call, std::optional<std::string> present,
                                                             std::string password, bool may_register) {
    std::optional<std::string> hash;
    if (present || !may_register) {
        auto matches = co_await call.services.passwords.verify(std::move(present), std::move(password));
        if (!matches) co_return matches.error();
        if (!*matches) co_return wrong_token();
        co_return hash;
    }
    auto made = co_await call.services.passwords.hash(std::move(password));
    if (!made) co_return made.error();
    hash = std::move(*made);
    co_return hash;
}

// An attempt to use a one-time token, whoever's it is.
SignInAttempt token_attempt(const http::Call& call, std::string_view kind) {
    std::string address(call.request.peer);
    return {std::string(kind) + ' ' + address, address, true};
}

// The password of an account is guessed here as well as at sign-in, so both share the account's memory.
http::Answer join_with(http::Call& call, Invitee invitee, TokenRequest given) {
    const SignInAttempt attempt{invitee.invitation.email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    std::optional<std::string> present;
    access::UserId present_id;
    if (invitee.account) {
        present = invitee.account->password_hash;
        present_id = invitee.account->user.user_id;
    }
    const bool may_register = call.services.registration.admits_invited(invitee.invitation.invited_by.empty());
    auto new_hash = co_await verify_or_hash(call, std::move(present), std::move(given.password), may_register);
    if (!new_hash) {
        if (new_hash.error().code == Errc::unauthenticated) {
            fail_attempt(call, attempt, std::move(present_id));
        } else {
            co_await cancel_attempt(call.services, attempt);
        }
        co_return new_hash.error();
    }
    auto joined = co_await accept_invitation(call, std::move(invitee), std::move(*new_hash), std::move(given.code),
                                             std::move(given.browser));
    if (!joined) {
        co_await settle_attempt(call, attempt, std::move(present_id), joined.error());
        co_return joined.error();
    }
    co_await settle_attempt(call, attempt, joined->user_id, std::nullopt);
    co_return std::move(joined->response);
}

http::Answer handle_setup(http::Call& call) {
    auto given = read_token_request(call);
    if (!given) co_return given.error();
    const auto attempt = token_attempt(call, "setup");
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    const auto token_hash = sha256(given->token);
    auto invitee = co_await find_invitee(call, token_hash);
    if (!invitee) {
        fail_attempt(call, attempt, access::UserId());
        co_return wrong_token();
    }
    co_await end_attempt(call.services, attempt, access::UserId());
    co_return co_await join_with(call, std::move(*invitee), std::move(*given));
}

struct Reset {
    Sha256 token_hash{};
    std::string new_hash;
    std::string code;
    std::optional<BrowserSite> browser;
};

// Sets the password, ends all sessions and personal tokens of the person, forgets where they signed in but here, and starts a session.
// The second factor stays, and is asked for. Errors: wrong_token(), and those of pass_second_factor().
awaitable<Result<net::Response>> reset_password(http::Call& call, Reset reset) {
    const auto now = call.now();
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const auto user = co_await use_password_reset(tx, reset.token_hash, now);
    if (!user || user->is_disabled) co_return wrong_token();
    co_await lock_user(tx, user->user_id);
    auto passed = co_await pass_second_factor(call.services, tx, user->user_id, std::move(reset.code));
    if (!passed) co_return passed.error();
    co_await set_password(tx, user->user_id, std::move(reset.new_hash));
    co_await revoke_sessions_of(tx, user->user_id, now);
    co_await tokens::revoke_personal_tokens_of(tx, user->user_id, now);
    co_await forget_sign_in_addresses(tx, user->user_id);
    co_await remember_sign_in_address(tx, user->user_id, std::string(call.request.peer), now);
    const auto session_id = new_session_id();
    auto response = co_await issue_session(call, tx, user->user_id, session_id, std::move(reset.browser));
    auto entry = session_entry(call, audit::Action::password_reset, user->user_id, session_id);
    co_await append_for(tx, user->user_id, std::move(entry));
    co_await tx.commit();
    co_return response;
}

// Whose password a token resets, without using it up.
struct ResetPerson {
    User user;
    bool has_factor = false;
};
awaitable<std::optional<ResetPerson>> find_person_of_reset(http::Call& call, Sha256 token_hash) {
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    auto user = co_await use_password_reset(tx, token_hash, call.now());  // never committed
    if (!user || user->is_disabled) co_return std::nullopt;
    const auto factor = co_await find_second_factor(tx, user->user_id);
    co_return ResetPerson{std::move(*user), factor && factor->confirmed_at};
}

// Codes are guessed here as well as at sign-in, so both share the account's memory.
http::Answer reset_with_code(http::Call& call, User user, Reset reset) {
    const SignInAttempt attempt{user.email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    auto done = co_await reset_password(call, std::move(reset));
    std::optional<Error> error;
    if (!done) error = done.error();
    co_await settle_attempt(call, attempt, user.user_id, std::move(error));
    co_return done;
}

http::Answer handle_reset(http::Call& call) {
    auto given = read_token_request(call);
    if (!given) co_return given.error();
    const auto attempt = token_attempt(call, "reset");
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    auto new_hash = co_await call.services.passwords.hash(std::move(given->password));
    if (!new_hash) {
        co_await cancel_attempt(call.services, attempt);
        co_return new_hash.error();
    }
    const auto token_hash = sha256(given->token);
    auto person = co_await find_person_of_reset(call, token_hash);
    if (!person) {
        fail_attempt(call, attempt, access::UserId());
        co_return wrong_token();
    }
    co_await end_attempt(call.services, attempt, access::UserId());
    Reset reset{token_hash, std::move(*new_hash), std::move(given->code), std::move(given->browser)};
    if (person->has_factor) co_return co_await reset_with_code(call, std::move(person->user), std::move(reset));
    co_return co_await reset_password(call, std::move(reset));
}

using access::Permission;
using net::Method;

constexpr http::Route setup_table[] = {
    {Method::post, "/api/v1/auth/setup", Permission::open, handle_setup},
    {Method::post, "/api/v1/auth/reset", Permission::open, handle_reset},
};

}  // namespace

std::span<const http::Route> setup_routes() noexcept { return setup_table; }

}  // namespace fanion::cp::identity
