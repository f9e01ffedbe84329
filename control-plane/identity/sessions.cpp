#include "control-plane/identity/sessions.hpp"

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/json/writer.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/sign_in_delay.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

std::string account_subject(const SignInAttempt& attempt) { return "account:" + attempt.account; }
std::string pair_subject(const SignInAttempt& attempt) {
    return "address:" + attempt.address + " account:" + attempt.account;
}

std::string tokens_json(const AccessTokens::Issued& access, std::string_view refresh) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("access_token", access.token).member("refresh_token", refresh);
    w.member("expires_in", std::int64_t{AccessTokens::lifetime / 1000}).member("token_type", "Bearer").end_object();
    return out;
}

std::uint32_t recent_count(const SignInFailures& failures, UnixMillis now) {
    const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(sign_in_memory).count();
    return failures.last_at + span < now ? 0 : failures.count;
}

awaitable<void> count_failure(db::Transaction& tx, std::string subject, UnixMillis now) {
    auto failures = co_await lock_sign_in_failures(tx, subject);
    failures.count = recent_count(failures, now) + 1;
    failures.last_at = now;
    failures.retry_after = std::max(failures.retry_after, now + delay_at_address(failures.count).count());
    co_await put_sign_in_failures(tx, std::move(subject), failures);
}

// When this attempt may be processed. The turn is reserved under the row's lock, so that parallel attempts queue up.
awaitable<Result<UnixMillis>> reserve_attempt(http::Services& services, SignInAttempt attempt) {
    const auto now = services.clock.now();
    auto tx = co_await services.pool.begin(db::Scope::none());
    auto account = co_await lock_sign_in_failures(tx, account_subject(attempt));
    auto pair = co_await lock_sign_in_failures(tx, pair_subject(attempt));
    const auto failures = recent_count(pair, now);
    const auto turn = std::max(now, failures == 0 ? now : pair.retry_after);
    const auto wait = std::chrono::milliseconds(turn - now);
    if (wait > sign_in_patience) {
        const auto seconds = (wait.count() + 999) / 1000;
        co_return Error{
            Errc::rate_limited, "too many failed sign-ins; try again in " + std::to_string(seconds) + " s", {}};
    }
    if (failures > 0) {
        pair.retry_after = turn + delay_at_address(failures).count();
        co_await put_sign_in_failures(tx, pair_subject(attempt), pair);
        co_await tx.commit();
    }
    co_return turn + delay_of_account(recent_count(account, now)).count();
}

}  // namespace

access::SessionId new_session_id() { return access::SessionId(random_id("", 16)); }

awaitable<std::string> issue_session(http::Services& services, db::Transaction& tx, access::UserId user_id,
                                     access::SessionId session_id) {
    const auto now = services.clock.now();
    const auto refresh = to_base64url(random_bytes(32));
    const auto hash = sha256(refresh);
    RefreshToken token{session_id, user_id, now + refresh_lifetime, false, false};
    co_await insert_refresh_token(tx, hash, std::move(token));
    const auto access = services.tokens.issue(std::move(user_id), std::move(session_id), now);
    co_return tokens_json(access, refresh);
}

awaitable<std::string> start_session(http::Call& call, access::UserId user_id) {
    const auto session_id = new_session_id();
    auto entry = session_entry(call, audit::Action::session_started, user_id, session_id);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    auto body = co_await issue_session(call.services, tx, user_id, session_id);
    co_await append_for(tx, std::move(user_id), std::move(entry));
    co_await tx.commit();
    co_return body;
}

awaitable<Result<std::string>> continue_session(http::Call& call, std::string refresh_token) {
    auto& services = call.services;
    const auto now = call.now();
    const auto hash = sha256(refresh_token);
    const Error refused{Errc::unauthenticated, "the refresh token is not valid or has expired", {}};
    auto tx = co_await services.pool.begin(db::Scope::none());
    auto token = co_await lock_refresh_token(tx, hash);
    if (!token || token->is_revoked || token->expires_at <= now) co_return refused;
    if (token->is_used) {
        co_await revoke_session(tx, token->session_id, now);
        auto entry = session_entry(call, audit::Action::session_revoked, token->user_id, token->session_id);
        entry.comment = "a refresh token was presented twice";
        co_await append_for(tx, token->user_id, std::move(entry));
        co_await tx.commit();
        services.log.warn("refresh_token_reused",
                          {{"user", token->user_id.str()}, {"session_id", token->session_id.str()}});
        co_return refused;
    }
    co_await use_refresh_token(tx, hash, now);
    auto body = co_await issue_session(services, tx, token->user_id, token->session_id);
    co_await tx.commit();
    co_return body;
}

awaitable<void> end_session(http::Call& call) {
    const auto& who = call.principal;
    auto entry = session_entry(call, audit::Action::session_ended, who.user_id, who.session_id);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await revoke_session(tx, who.session_id, call.now());
    co_await append_for(tx, who.user_id, std::move(entry));
    co_await tx.commit();
}

awaitable<Result<>> wait_for_attempt(http::Services& services, SignInAttempt attempt) {
    auto turn = co_await reserve_attempt(services, std::move(attempt));
    if (!turn) co_return turn.error();
    const auto wait = std::chrono::milliseconds(*turn - services.clock.now());
    if (wait.count() > 0) co_await net::sleep_for(wait);
    co_return boost::system::in_place_value;
}

awaitable<void> record_failure(http::Services& services, SignInAttempt attempt) {
    const auto now = services.clock.now();
    auto tx = co_await services.pool.begin(db::Scope::none());
    co_await count_failure(tx, account_subject(attempt), now);
    co_await count_failure(tx, pair_subject(attempt), now);
    co_await tx.commit();
    services.log.warn("sign_in_failed", {{"address", attempt.address}});
}

awaitable<void> record_success(http::Services& services, SignInAttempt attempt) {
    auto tx = co_await services.pool.begin(db::Scope::none());
    co_await delete_sign_in_failures(tx, account_subject(attempt));
    co_await delete_sign_in_failures(tx, pair_subject(attempt));
    co_await tx.commit();
}

}  // namespace fanion::cp::identity
