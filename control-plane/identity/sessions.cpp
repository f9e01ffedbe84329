#include "control-plane/identity/sessions.hpp"

#include "common/base/ids.hpp"
#include "common/json/writer.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/user_agent.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

std::string tokens_json(const AccessTokens::Issued& access, std::string_view refresh) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("access_token", access.token).member("refresh_token", refresh);
    w.member("expires_in", std::int64_t{AccessTokens::lifetime / 1000}).member("token_type", "Bearer").end_object();
    return out;
}

// Several programs of one person share a refresh token, and an answer may be lost on its way.
bool is_forgiven(const RefreshToken& token, const http::Call& call) {
    return token.used_at && *token.used_at + refresh_grace > call.now() && token.used_from == call.request.peer;
}

}  // namespace

access::SessionId new_session_id() { return access::SessionId(random_id("", 16)); }

SessionPlace place_of(const http::Call& call) {
    return {std::string(call.request.peer), shown_user_agent(call.request.header("User-Agent"))};
}

awaitable<std::string> issue_session(http::Call& call, db::Transaction& tx, access::UserId user_id,
                                     access::SessionId session_id) {
    auto& services = call.services;
    const auto now = services.clock.now();
    co_await put_session(tx, session_id, user_id, place_of(call), now, minute_of(now), now + refresh_lifetime);
    const auto refresh = to_base64url(random_bytes(32));
    const auto hash = sha256(refresh);
    RefreshToken token{session_id, user_id, now + refresh_lifetime};
    co_await insert_refresh_token(tx, hash, std::move(token));
    const auto access = services.tokens.issue(std::move(user_id), std::move(session_id), now);
    co_return tokens_json(access, refresh);
}

awaitable<std::optional<std::string>> start_session(http::Call& call, Account account) {
    auto user_id = account.user.user_id;
    const auto session_id = new_session_id();
    auto entry = session_entry(call, audit::Action::session_started, user_id, session_id);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await lock_user(tx, user_id);
    const auto present = co_await find_account(tx, account.user.email);
    if (present != account) co_return std::nullopt;
    auto body = co_await issue_session(call, tx, user_id, session_id);
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
    if (token->used_at && !is_forgiven(*token, call)) {
        co_await revoke_session(tx, token->session_id, now);
        auto entry = session_entry(call, audit::Action::session_revoked, token->user_id, token->session_id);
        entry.comment = "a refresh token was presented twice";
        co_await append_for(tx, token->user_id, std::move(entry));
        co_await tx.commit();
        services.log.warn("refresh_token_reused",
                          {{"user", token->user_id.str()}, {"session_id", token->session_id.str()}});
        co_return refused;
    }
    if (!token->used_at) co_await use_refresh_token(tx, hash, std::string(call.request.peer), now);
    auto body = co_await issue_session(call, tx, token->user_id, token->session_id);
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

}  // namespace fanion::cp::identity
