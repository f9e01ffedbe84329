#include "control-plane/identity/sessions.hpp"

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
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

std::string new_cookie_value() { return to_base64url(random_bytes(32)); }

awaitable<net::Response> issue_tokens(http::Call& call, db::Transaction& tx, access::UserId user_id,
                                      access::SessionId session_id) {
    auto& services = call.services;
    const auto now = services.clock.now();
    const auto refresh = to_base64url(random_bytes(32));
    const auto hash = sha256(refresh);
    RefreshToken token{session_id, user_id, now + refresh_lifetime};
    co_await insert_refresh_token(tx, hash, std::move(token));
    const auto access = services.tokens.issue(std::move(user_id), std::move(session_id), now);
    co_return net::json_response(tokens_json(access, refresh));
}

awaitable<net::Response> issue_cookie(db::Transaction& tx, access::SessionId session_id, BrowserSite site,
                                      UnixMillis expires_at) {
    const auto value = new_cookie_value();
    const auto hash = sha256(value);
    co_await put_cookie(tx, session_id, hash);
    auto response = net::json_response(body::object_text([&](json::Writer& w) {
        w.member("session_id", session_id.str()).member("expires_at", format_rfc3339(expires_at));
    }));
    response.set("Set-Cookie", set_cookie_text(site, value));
    co_return response;
}

}  // namespace

access::SessionId new_session_id() { return access::SessionId(random_id("", 16)); }

SessionPlace place_of(const http::Call& call) {
    return {std::string(call.request.peer), shown_user_agent(call.request.header("User-Agent"))};
}

awaitable<net::Response> issue_session(http::Call& call, db::Transaction& tx, access::UserId user_id,
                                       access::SessionId session_id, std::optional<BrowserSite> browser) {
    const auto now = call.now();
    const auto expires_at = now + (browser ? browser_idle : refresh_lifetime);
    co_await put_session(tx, session_id, user_id, place_of(call), now, minute_of(now), expires_at);
    if (browser) co_return co_await issue_cookie(tx, std::move(session_id), std::move(*browser), expires_at);
    co_return co_await issue_tokens(call, tx, std::move(user_id), std::move(session_id));
}

Result<BrowserSite> site_to_sign_in(const http::Call& call) {
    auto site = call.services.public_url.site(call.request.host());
    if (!site) return site.error();
    const RequestSource source{true, call.request.header("Origin"), call.request.header("Sec-Fetch-Site")};
    if (auto ok = check_source(source, *site); !ok) return ok.error();
    return site;
}

std::optional<OwnCookie> own_cookie(const http::Call& call) {
    const auto cookies = call.request.header("Cookie");
    if (cookies.empty()) return std::nullopt;
    auto site = call.services.public_url.site(call.request.host());
    if (!site) return std::nullopt;
    std::string value(cookie_value(cookies, *site));
    if (value.empty()) return std::nullopt;
    return OwnCookie{std::move(*site), std::move(value)};
}

awaitable<std::string> renew_cookie(http::Call& call, std::string_view rights) {
    const auto cookie = own_cookie(call);
    if (!cookie) co_return "";
    const auto fresh = new_cookie_value();
    const CookieRenewal renewal{sha256(rights), sha256(fresh), call.now() + cookie_grace};
    const auto hash = sha256(cookie->value);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const bool is_renewed = co_await renew_cookie(tx, hash, renewal);
    co_await tx.commit();
    co_return is_renewed ? set_cookie_text(cookie->site, fresh) : std::string();
}

namespace {

Error wrong_refresh_token() {
    const char* const detail = "the refresh token is not valid or has expired";
    return {Errc::unauthenticated, detail, {{"", "/refresh_token", "wrong_token", detail}}};
}

}  // namespace

awaitable<Result<net::Response>> continue_session(http::Call& call, std::string refresh_token) {
    auto& services = call.services;
    const auto now = call.now();
    const auto hash = sha256(refresh_token);
    const auto refused = wrong_refresh_token();
    auto tx = co_await services.pool.begin(db::Scope::none());
    auto token = co_await lock_refresh_token(tx, hash);
    if (!token || token->is_revoked || token->expires_at <= now) co_return refused;
    if (token->used_at && !is_forgiven(*token, call)) {
        const auto live = co_await find_live_session(tx, token->session_id, now);
        const auto only_org = live ? live->only_org : access::OrgId();
        co_await revoke_session(tx, token->session_id, now);
        auto entry = session_entry(call, audit::Action::session_revoked, token->user_id, token->session_id);
        entry.comment = "a refresh token was presented twice";
        co_await append_for(tx, token->user_id, std::move(entry), only_org);
        co_await tx.commit();
        services.log.warn("refresh_token_reused",
                          {{"user", token->user_id.str()}, {"session_id", token->session_id.str()}});
        co_return refused;
    }
    if (!token->used_at) co_await use_refresh_token(tx, hash, std::string(call.request.peer), now);
    auto response = co_await issue_session(call, tx, token->user_id, token->session_id, std::nullopt);
    co_await tx.commit();
    co_return response;
}

awaitable<void> end_session(http::Call& call) {
    const auto& who = call.principal;
    auto entry = session_entry(call, audit::Action::session_ended, who.user_id, who.session_id);
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await revoke_session(tx, who.session_id, call.now());
    co_await append_for(tx, who.user_id, std::move(entry), who.only_org);
    co_await tx.commit();
}

}  // namespace fanion::cp::identity
