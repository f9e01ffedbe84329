#include "control-plane/rollouts/source_routes.hpp"

#include <string>
#include <utility>
#include <vector>

#include "common/base/sealing.hpp"
#include "common/base/text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/rollouts/source_store.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::rollouts {
namespace {

http::Answer handle_list_sources(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto stored = co_await list_sources(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next = http::end_page(stored, *page, [](const StoredSource& one) { return one.source.key; });
    std::vector<Source> sources;
    for (auto& one : stored) sources.push_back(std::move(one.source));
    co_return net::json_response(http::list_text(write_source, sources, next));
}

http::Answer handle_get_source(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto stored = co_await find_source(tx, call.org.org_id, call.param("source"));
    if (!stored) co_return http::not_found("source", "{source}");
    co_return http::resource_response(call, source_text(stored->source), http::etag(stored->source.version));
}

std::vector<Finding> warnings_of(const Source& source) {
    const auto target = webhooks::parse_target(source.url);
    if (!target || target->is_encrypted || !source.has_token) return {};
    return {{"", "/url", "not_encrypted", "a token that is sent to an http:// URL can be read on its way"}};
}

// The token that the source has from now on. Errors: a token is not given although it is needed
// again; unavailable, nothing can be sealed.
Result<> set_token(const http::Call& call, StoredSource& stored, const SourceRequest& request, bool is_new_url) {
    if (!request.token) {
        // Else whoever may change the URL would have the token sent to a server of theirs.
        if (!is_new_url || !stored.sealed_token) return boost::system::in_place_value;
        const std::string detail = "the URL changes: give the token again, or null";
        return Error{Errc::invalid_input, detail, {{"", "/token", "missing", detail}}};
    }
    stored.sealed_token.reset();
    stored.source.has_token = !request.token->empty();
    if (!stored.source.has_token) return boost::system::in_place_value;
    auto sealed = call.services.sealing.seal(*request.token, token_context(call.org.org_id.str(), stored.source.key));
    if (!sealed) return sealed.error();
    stored.sealed_token = std::move(*sealed);
    return boost::system::in_place_value;
}

http::EditResult create_source(http::Edit& edit, SourceRequest request) {
    auto& call = edit.call();
    const auto present = co_await count_sources(edit.tx(), call.org.org_id);
    if (present >= most_sources) {
        co_return http::conflict("", "limit", "an organisation has at most 20 Prometheus servers");
    }
    auto matched = edit.match("", "{}");
    if (!matched) co_return matched.error();
    if (auto ok = webhooks::check_target(call.services.addresses, request.url, "/url"); !ok) co_return ok.error();
    StoredSource stored;
    stored.source.key = call.param("source");
    stored.source.url = request.url;
    stored.source.created_by = call.principal.actor_id();
    stored.source.created_at = stored.source.updated_at = call.now();
    if (auto ok = set_token(call, stored, request, true); !ok) co_return ok.error();
    const auto source = stored.source;
    co_await put_source(edit.tx(), call.org.org_id, std::move(stored));
    auto outcome = edit.created_in("/api/v1/orgs/" + call.org.key + "/prometheus", audit::Action::org_updated,
                                   source.key, source_text(source), http::etag(source.version));
    http::add_warnings(outcome.response, warnings_of(source));
    co_return outcome;
}

http::EditResult replace_source(http::Edit& edit, SourceRequest request) {
    auto& call = edit.call();
    const auto key = call.param("source");
    if (!is_valid_key(key)) {
        const std::string detail = "a key has letters, digits, '.', '_' and '-', and begins with a letter or digit";
        co_return Error{Errc::invalid_input, detail, {{"", "{source}", "bad_key", detail}}};
    }
    auto stored = co_await lock_source(edit.tx(), call.org.org_id, key);
    if (!stored) co_return co_await create_source(edit, std::move(request));
    const auto before = source_text(stored->source);
    auto matched = edit.match(http::etag(stored->source.version), before);
    if (!matched) co_return matched.error();
    const bool is_new_url = stored->source.url != request.url;
    if (is_new_url) {
        if (auto ok = webhooks::check_target(call.services.addresses, request.url, "/url"); !ok) co_return ok.error();
    }
    if (!is_new_url && !request.token) co_return edit.unchanged(before, http::etag(stored->source.version));
    if (auto ok = set_token(call, *stored, request, is_new_url); !ok) co_return ok.error();
    stored->source.url = request.url;
    stored->source.updated_at = call.now();
    ++stored->source.version;
    const auto source = stored->source;
    co_await put_source(edit.tx(), call.org.org_id, std::move(*stored));
    auto outcome =
        edit.changed(audit::Action::org_updated, std::move(*matched), source_text(source), http::etag(source.version));
    http::add_warnings(outcome.response, warnings_of(source));
    co_return outcome;
}

http::Answer handle_put_source(http::Call& call) { return http::edit_resource(call, read_source, replace_source); }

http::EditResult remove_source(http::Edit& edit) {
    auto& call = edit.call();
    const auto key = call.param("source");
    const auto stored = co_await lock_source(edit.tx(), call.org.org_id, key);
    if (!stored) co_return http::not_found("source", "{source}");
    auto matched = edit.match(http::etag(stored->source.version), source_text(stored->source));
    if (!matched) co_return matched.error();
    const bool is_used = co_await is_source_used(edit.tx(), call.org.org_id, key);
    if (is_used) co_return http::conflict("", "in_use", "guards of rollouts under way ask this Prometheus");
    co_await delete_source(edit.tx(), call.org.org_id, key);
    co_return edit.deleted(audit::Action::org_updated, std::move(*matched));
}

http::Answer handle_delete_source(http::Call& call) { return http::edit_resource(call, remove_source); }

using access::Permission;
using net::Method;

constexpr http::Route source_table[] = {
    {Method::get, "/api/v1/orgs/{org}/prometheus", Permission::manage_webhooks, handle_list_sources, "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/prometheus/{source}", Permission::manage_webhooks, handle_get_source},
    {Method::put, "/api/v1/orgs/{org}/prometheus/{source}", Permission::manage_webhooks, handle_put_source},
    {Method::del, "/api/v1/orgs/{org}/prometheus/{source}", Permission::manage_webhooks, handle_delete_source},
};

}  // namespace

std::span<const http::Route> source_routes() noexcept { return source_table; }

}  // namespace fanion::cp::rollouts
