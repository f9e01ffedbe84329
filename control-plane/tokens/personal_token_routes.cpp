#include "control-plane/tokens/personal_token_routes.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/tokens/rotation.hpp"
#include "control-plane/tokens/token_json.hpp"
#include "control-plane/tokens/token_request.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::tokens {
namespace {

using boost::asio::awaitable;

constexpr std::string_view own_tokens = "/api/v1/auth/tokens/";

// Being used is no change: the tag leaves it out.
std::string personal_tag(Token token) {
    token.last_used_at.reset();
    return http::content_etag(token_text(token));
}

// In every organisation of the person: the token works in all of them.
audit::AuditEntry personal_entry(const http::Call& call, audit::Action action, const access::TokenId& token_id) {
    auto entry = http::audit_entry(call);
    entry.action = action;
    entry.resource = "members/" + call.principal.user_id.str() + "/tokens/" + token_id.str();
    return entry;
}

net::Response made_response(const Token& token, std::string_view secret) {
    auto response = net::json_response(token_text(token, secret), 201);
    response.set("Location", std::string(own_tokens) + token.token_id.str());
    response.set("ETag", personal_tag(token));
    return response;
}

Error too_many() {
    return http::conflict("", "too_many",
                          "a person has at most " + std::to_string(most_personal_tokens) + " valid tokens: revoke one");
}

// A token may end or replace itself: a program can give back or renew what it was given, and no more.
Result<> check_may_change(const http::Call& call, const access::TokenId& token_id) {
    const auto& who = call.principal;
    if (!who.is_token() || who.token_id == token_id) return boost::system::in_place_value;
    return http::forbidden("session_required", "a token can revoke or rotate itself only: sign in for the others");
}

http::Answer handle_list_personal(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto found = co_await list_personal_tokens(tx, call.principal.user_id, page->after, page->limit + 1);
    const auto next = http::end_page(found, *page, [](const Token& token) { return token.token_id.str(); });
    const auto write_items = [&](json::Writer& w) {
        for (const auto& token : found) write_token(w, token);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

// Never 304: the last use may be another under the same tag.
http::Answer handle_get_personal(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const access::TokenId token_id(call.param("token"));
    const auto token = co_await find_personal_token(tx, call.principal.user_id, token_id);
    if (!token) co_return http::not_found("token", "{token}");
    auto response = net::json_response(token_text(*token));
    response.set("ETag", personal_tag(*token));
    co_return response;
}

http::Answer handle_create_personal(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    const auto now = call.now();
    auto request = read_personal_token_request((*body)->root(), now);
    if (!request) co_return request.error();
    const auto user_id = call.principal.user_id;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await identity::lock_user(tx, user_id);
    const auto live = co_await count_live_personal_tokens(tx, user_id, now);
    if (live >= most_personal_tokens) co_return too_many();
    const auto made = make_api_key("pat");
    const Token token{access::TokenId(made.id), request->name, request->scopes, now, request->expires_at, {}, {}, {}};
    co_await insert_personal_token(tx, user_id, token, sha256(made.text));
    auto entry = personal_entry(call, audit::Action::token_created, token.token_id);
    entry.after = token_text(token);
    co_await identity::append_for(tx, user_id, std::move(entry));
    co_await tx.commit();
    co_return made_response(token, made.text);
}

http::Answer handle_revoke_personal(http::Call& call) {
    const access::TokenId token_id(call.param("token"));
    const auto user_id = call.principal.user_id;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await identity::lock_user(tx, user_id);
    auto token = co_await find_personal_token(tx, user_id, token_id);
    if (!token) co_return http::not_found("token", "{token}");
    if (auto ok = check_may_change(call, token_id); !ok) co_return ok.error();
    auto before = token_text(*token);
    if (auto failed = http::failed_precondition(call, personal_tag(*token), before, false))
        co_return std::move(*failed);
    if (token->revoked_at) co_return net::empty_response(204);
    token->revoked_at = call.now();
    co_await revoke_personal_token(tx, user_id, token_id, call.now());
    auto entry = personal_entry(call, audit::Action::token_revoked, token_id);
    entry.before = std::move(before);
    entry.after = token_text(*token);
    co_await identity::append_for(tx, user_id, std::move(entry));
    co_await tx.commit();
    co_return net::empty_response(204);
}

// Revokes the token that one which is rotated has replaced, if it is still valid. The audit entry.
awaitable<std::optional<audit::AuditEntry>> end_replaced(http::Call& call, db::Transaction& tx,
                                                         access::TokenId token_id) {
    const auto user_id = call.principal.user_id;
    auto token = co_await find_personal_token(tx, user_id, token_id);
    if (!token || !is_live(*token, call.now())) co_return std::nullopt;
    auto entry = personal_entry(call, audit::Action::token_revoked, token_id);
    entry.before = token_text(*token);
    token->revoked_at = call.now();
    entry.after = token_text(*token);
    co_await revoke_personal_token(tx, user_id, token_id, call.now());
    co_return entry;
}

// At most two are valid at a time: a token that was replaced is not rotated again, and the one that this one replaced ends.
http::Answer handle_rotate_personal(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    const auto now = call.now();
    const auto rotation = read_rotation((*body)->root(), now);
    if (!rotation) co_return rotation.error();
    const access::TokenId token_id(call.param("token"));
    const auto user_id = call.principal.user_id;
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    co_await identity::lock_user(tx, user_id);
    auto old = co_await find_personal_token(tx, user_id, token_id);
    if (!old) co_return http::not_found("token", "{token}");
    if (auto ok = check_may_change(call, token_id); !ok) co_return ok.error();
    if (!is_live(*old, now)) co_return not_live("token");
    const auto successor = co_await personal_token_replacing(tx, user_id, token_id, now);
    if (!successor.empty()) co_return rotated_already("token", successor.str());
    const Validity validity{old->created_at, old->expires_at};
    auto expires_at = call.principal.token_id == token_id
                          ? expiry_kept(*rotation, validity)
                          : Result<std::optional<UnixMillis>>(expiry_of_new(*rotation, validity, now));
    if (!expires_at) co_return expires_at.error();
    const auto made = make_api_key("pat");
    Token token = *old;
    token.token_id = access::TokenId(made.id);
    token.created_at = now;
    token.expires_at = *expires_at;
    token.last_used_at.reset();
    token.replaces = token_id;
    auto ended = co_await end_replaced(call, tx, old->replaces);
    co_await expire_personal_token(tx, user_id, token_id, expiry_of_old(*rotation, validity, now));
    const auto live = co_await count_live_personal_tokens(tx, user_id, now);
    if (live >= most_personal_tokens) co_return too_many();
    co_await insert_personal_token(tx, user_id, token, sha256(made.text));
    if (ended) co_await identity::append_for(tx, user_id, std::move(*ended));
    auto entry = personal_entry(call, audit::Action::token_rotated, token.token_id);
    entry.before = token_text(*old);
    entry.after = token_text(token);
    co_await identity::append_for(tx, user_id, std::move(entry));
    co_await tx.commit();
    co_return made_response(token, made.text);
}

using access::Permission;
using http::Caller;
using net::Method;

constexpr http::Route personal_token_table[] = {
    {Method::get, "/api/v1/auth/tokens", Permission::signed_in, handle_list_personal, "limit cursor",
     http::PatchForms::merge, Caller::person},
    {Method::post, "/api/v1/auth/tokens", Permission::signed_in, handle_create_personal, "", http::PatchForms::merge,
     Caller::session},
    {Method::get, "/api/v1/auth/tokens/{token}", Permission::signed_in, handle_get_personal, "",
     http::PatchForms::merge, Caller::person},
    {Method::del, "/api/v1/auth/tokens/{token}", Permission::signed_in, handle_revoke_personal, "",
     http::PatchForms::merge, Caller::person},
    {Method::post, "/api/v1/auth/tokens/{token}/rotate", Permission::signed_in, handle_rotate_personal, "",
     http::PatchForms::merge, Caller::person},
};

}  // namespace

std::span<const http::Route> personal_token_routes() noexcept { return personal_token_table; }

}  // namespace fanion::cp::tokens
