#include "control-plane/identity/sign_in.hpp"

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/second_factor.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

Error wrong_credentials() {
    const char* const detail = "the e-mail address or the password is wrong";
    return {Errc::unauthenticated, detail, {{"", "", "wrong_credentials", detail}}};
}

Error wrong_password() {
    const std::string detail = "the password is wrong";
    return {Errc::invalid_input, detail, {{"", "/password", "wrong_password", detail}}};
}

awaitable<std::optional<Account>> read_account(http::Call& call, std::string email) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    co_return co_await find_account(tx, std::move(email));
}

// Whether the password is that of the account, which may be missing or disabled.
awaitable<Result<bool>> matches(http::Call& call, const std::optional<Account>& account, std::string password) {
    std::optional<std::string> stored_hash;
    if (account && !account->user.is_disabled) stored_hash = account->password_hash;
    co_return co_await call.services.passwords.verify(std::move(stored_hash), std::move(password));
}

// Starts a session of a person whose password was verified against `account`. Error: wrong_credentials() if the account has
// changed since, by a reset of its password for example.
http::Answer start_session(http::Call& call, Account account, std::string code, std::optional<BrowserSite> browser) {
    auto user_id = account.user.user_id;
    const auto session_id = new_session_id();
    auto entry = session_entry(call, audit::Action::session_started, user_id, session_id);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await lock_user(tx, user_id);
    const auto present = co_await find_account(tx, account.user.email);
    if (present != account) co_return wrong_credentials();
    auto passed = co_await pass_second_factor(call.services, tx, user_id, std::move(code));
    if (!passed) co_return passed.error();
    auto response = co_await issue_session(call, tx, user_id, session_id, std::move(browser));
    co_await append_for(tx, std::move(user_id), std::move(entry));
    co_await tx.commit();
    co_return response;
}

std::optional<Error> error_of(const Result<net::Response>& result) {
    if (result) return std::nullopt;
    return result.error();
}

}  // namespace

Result<SignInRequest> read_sign_in(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    return body::read_object((*body)->root(), [](json::Reader& r, std::vector<Finding>&) {
        return SignInRequest{r.string("email"), r.string("password"), r.optional_string("code").value_or("")};
    });
}

awaitable<void> settle_attempt(http::Call& call, SignInAttempt attempt, access::UserId user_id,
                               std::optional<Error> error) {
    if (!error) {
        co_await end_attempt(call.services, std::move(attempt), std::move(user_id));
    } else if (is_wrong_code(*error)) {
        fail_attempt(call, attempt, std::move(user_id));
    } else if (!is_code_wanted(*error)) {
        co_await cancel_attempt(call.services, std::move(attempt));
    }
}

http::Answer sign_in(http::Call& call, SignInRequest given, std::optional<BrowserSite> browser) {
    const SignInAttempt attempt{given.email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return too_many_attempts(call, *held_up);
    auto account = co_await read_account(call, given.email);
    const auto is_right = co_await matches(call, account, std::move(given.password));
    if (!is_right) {
        co_await cancel_attempt(call.services, attempt);
        co_return is_right.error();
    }
    access::UserId user_id;
    if (account) user_id = account->user.user_id;
    if (!*is_right) {
        fail_attempt(call, attempt, std::move(user_id));
        co_return wrong_credentials();
    }
    auto started = co_await start_session(call, std::move(*account), std::move(given.code), std::move(browser));
    co_await settle_attempt(call, attempt, std::move(user_id), error_of(started));
    co_return started;
}

awaitable<std::optional<Result<net::Response>>> refuse_password(http::Call& call, std::string password) {
    const SignInAttempt attempt{call.principal.email, std::string(call.request.peer)};
    const auto held_up = co_await begin_attempt(call.services, attempt);
    if (held_up) co_return Result<net::Response>(too_many_attempts(call, *held_up));
    const auto account = co_await read_account(call, call.principal.email);
    const auto is_right = co_await matches(call, account, std::move(password));
    if (is_right && !*is_right) {
        fail_attempt(call, attempt, call.principal.user_id);
        co_return Result<net::Response>(wrong_password());
    }
    co_await cancel_attempt(call.services, attempt);
    if (!is_right) co_return Result<net::Response>(is_right.error());
    co_return std::nullopt;
}

}  // namespace fanion::cp::identity
