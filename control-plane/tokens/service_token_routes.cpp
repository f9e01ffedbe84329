#include "control-plane/tokens/service_token_routes.hpp"

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/quotas/room.hpp"
#include "control-plane/tokens/rotation.hpp"
#include "control-plane/tokens/token_json.hpp"
#include "control-plane/tokens/token_request.hpp"
#include "control-plane/tokens/token_store.hpp"

namespace fanion::cp::tokens {
namespace {

std::string service_tag(ServiceToken of) {
    of.token.last_used_at.reset();
    return http::content_etag(token_text(of));
}

Error above_caller() {
    return http::forbidden("above_you", "a service account has no permission that you or your token lack somewhere");
}

// The response and the audit entry of a new token; `before`: the token that it replaces.
http::EditOutcome made_outcome(const http::Call& call, audit::Action action, const ServiceToken& of,
                               std::string_view secret, std::optional<std::string> before) {
    const auto& id = of.token.token_id.str();
    auto response = net::json_response(token_text(of, secret), 201);
    response.set("Location", "/api/v1/orgs/" + call.org.key + "/tokens/" + id);
    response.set("ETag", service_tag(of));
    return {std::move(response), http::AuditRecord{action, "tokens/" + id, std::move(before), token_text(of)}};
}

http::Answer handle_list_service(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto found = co_await list_service_tokens(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next = http::end_page(found, *page, [](const ServiceToken& of) { return of.token.token_id.str(); });
    const auto write_items = [&](json::Writer& w) {
        for (const auto& of : found) write_token(w, of);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_get_service(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto found = co_await find_service_token(tx, call.org.org_id, access::TokenId(call.param("token")));
    if (!found) co_return http::not_found("token", "{token}");
    auto response = net::json_response(token_text(*found));
    response.set("ETag", service_tag(*found));
    co_return response;
}

http::EditResult create_service_token(http::Edit& edit) {
    auto& call = edit.call();
    const auto now = call.now();
    auto request = read_service_token_request(edit.body(), now);
    if (!request) co_return request.error();
    if (!call.has_throughout(access::permissions_of(request->role))) co_return above_caller();
    auto room = co_await quotas::require_room(edit, quotas::Quota::keys);
    if (!room) co_return room.error();
    const auto made = make_api_key("svc");
    ServiceToken of;
    of.token = {access::TokenId(made.id), request->name, request->scopes, now, request->expires_at, {}, {}, {}};
    of.account_id = access::ServiceAccountId(random_id("v_"));
    of.role = request->role;
    of.created_by = call.principal.actor_id();
    co_await insert_service_token(edit.tx(), call.org.org_id, of, sha256(made.text));
    co_return made_outcome(call, audit::Action::token_created, of, made.text, std::nullopt);
}

http::Answer handle_create_service(http::Call& call) { return http::edit_resource(call, create_service_token); }

http::EditResult end_service_token(http::Edit& edit) {
    auto& call = edit.call();
    const access::TokenId token_id(call.param("token"));
    auto found = co_await lock_service_token(edit.tx(), call.org.org_id, token_id);
    if (!found) co_return http::not_found("token", "{token}");
    if (!call.has_throughout(access::permissions_of(found->role))) co_return above_caller();
    auto before = edit.match(service_tag(*found), token_text(*found));
    if (!before) co_return before.error();
    if (found->token.revoked_at) co_return http::EditOutcome{net::empty_response(204), std::nullopt};
    found->token.revoked_at = call.now();
    co_await revoke_service_token(edit.tx(), call.org.org_id, token_id, call.now());
    auto outcome = edit.deleted(audit::Action::token_revoked, std::move(*before));
    outcome.audit->after = token_text(*found);  // the row stays
    co_return outcome;
}

http::Answer handle_revoke_service(http::Call& call) { return http::edit_resource(call, end_service_token); }

// Revokes the token that one which is rotated has replaced, if it is still valid. Its audit record.
boost::asio::awaitable<std::optional<http::AuditRecord>> end_replaced(http::Edit& edit, access::TokenId token_id) {
    const auto& call = edit.call();
    auto of = co_await find_service_token(edit.tx(), call.org.org_id, token_id);
    if (!of || !is_live(of->token, call.now())) co_return std::nullopt;
    http::AuditRecord record{audit::Action::token_revoked, "tokens/" + token_id.str(), token_text(*of), std::nullopt};
    of->token.revoked_at = call.now();
    record.after = token_text(*of);
    co_await revoke_service_token(edit.tx(), call.org.org_id, token_id, call.now());
    co_return record;
}

// See handle_rotate_personal: at most two tokens of an account are valid at a time.
http::EditResult rotate_service_token(http::Edit& edit) {
    auto& call = edit.call();
    const auto now = call.now();
    const auto rotation = read_rotation(edit.body(), now);
    if (!rotation) co_return rotation.error();
    const access::TokenId token_id(call.param("token"));
    const auto old = co_await lock_service_token(edit.tx(), call.org.org_id, token_id);
    if (!old) co_return http::not_found("token", "{token}");
    if (!call.has_throughout(access::permissions_of(old->role))) co_return above_caller();
    if (!is_live(old->token, now)) co_return not_live("token");
    const auto successor = co_await service_token_replacing(edit.tx(), call.org.org_id, token_id, now);
    if (!successor.empty()) co_return rotated_already("token", successor.str());
    const Validity validity{old->token.created_at, old->token.expires_at};
    const bool is_own = call.principal.is_service() && call.principal.account_id == old->account_id;
    auto expires_at = is_own ? expiry_kept(*rotation, validity)
                             : Result<std::optional<UnixMillis>>(expiry_of_new(*rotation, validity, now));
    if (!expires_at) co_return expires_at.error();
    const auto made = make_api_key("svc");
    ServiceToken of = *old;
    of.created_by = call.principal.actor_id();
    of.token.token_id = access::TokenId(made.id);
    of.token.created_at = now;
    of.token.expires_at = *expires_at;
    of.token.last_used_at.reset();
    of.token.replaces = token_id;
    auto ended = co_await end_replaced(edit, old->token.replaces);
    co_await expire_service_token(edit.tx(), call.org.org_id, token_id, expiry_of_old(*rotation, validity, now));
    auto room = co_await quotas::require_room(edit, quotas::Quota::keys);
    if (!room) co_return room.error();
    co_await insert_service_token(edit.tx(), call.org.org_id, of, sha256(made.text));
    auto outcome = made_outcome(call, audit::Action::token_rotated, of, made.text, token_text(*old));
    if (ended) outcome.more.push_back(std::move(*ended));
    co_return outcome;
}

http::Answer handle_rotate_service(http::Call& call) { return http::edit_resource(call, rotate_service_token); }

using access::Permission;
using net::Method;

constexpr http::Route service_token_table[] = {
    {Method::get, "/api/v1/orgs/{org}/tokens", Permission::manage_tokens, handle_list_service, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/tokens", Permission::manage_tokens, handle_create_service},
    {Method::get, "/api/v1/orgs/{org}/tokens/{token}", Permission::manage_tokens, handle_get_service},
    {Method::del, "/api/v1/orgs/{org}/tokens/{token}", Permission::manage_tokens, handle_revoke_service},
    {Method::post, "/api/v1/orgs/{org}/tokens/{token}/rotate", Permission::manage_tokens, handle_rotate_service},
};

}  // namespace

std::span<const http::Route> service_token_routes() noexcept { return service_token_table; }

}  // namespace fanion::cp::tokens
