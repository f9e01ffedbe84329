#include "control-plane/sign_on/provider_routes.hpp"

#include <utility>
#include <vector>

#include "common/base/ids.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/sign_on/provider_store.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::sign_on {
namespace {

using boost::asio::awaitable;

http::Answer handle_list_providers(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto stored = co_await list_providers(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next = http::end_page(stored, *page, [](const StoredProvider& one) { return one.provider.key; });
    std::vector<Provider> providers;
    for (auto& one : stored) providers.push_back(std::move(one.provider));
    co_return net::json_response(http::list_text(write_provider, providers, next));
}

http::Answer handle_get_provider(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto stored = co_await find_provider(tx, call.org.org_id, call.param("provider"));
    if (!stored) co_return http::not_found("identity provider", "{provider}");
    co_return http::resource_response(call, provider_text(stored->provider), http::etag(stored->provider.version));
}

// The secret that the provider has from now on. Errors: unavailable, nothing can be sealed; a secret
// is not given although it is needed again.
Result<> set_secret(const http::Call& call, StoredProvider& stored, const ProviderRequest& request,
                    bool is_other_issuer) {
    auto& provider = stored.provider;
    if (!request.secret) {
        // Else whoever may change the issuer would have the secret sent to a server of theirs.
        if (!is_other_issuer || !stored.sealed_secret) return boost::system::in_place_value;
        const std::string detail = "the issuer changes: give the client's secret again, or null";
        return Error{Errc::invalid_input, detail, {{"", "/client_secret", "missing", detail}}};
    }
    stored.sealed_secret.reset();
    provider.has_secret = !request.secret->empty();
    if (!provider.has_secret) return boost::system::in_place_value;
    auto sealed =
        call.services.sealing.seal(*request.secret, client_secret_place(call.org.org_id, provider.provider_id));
    if (!sealed) return sealed.error();
    stored.sealed_secret = std::move(*sealed);
    return boost::system::in_place_value;
}

http::EditResult create_provider(http::Edit& edit, ProviderRequest request) {
    auto& call = edit.call();
    const auto present = co_await count_providers(edit.tx(), call.org.org_id);
    if (present >= most_providers) {
        co_return http::conflict("", "limit", "an organisation has at most 10 identity providers");
    }
    auto allowed = webhooks::check_target(call.services.addresses, request.settings.issuer, "/issuer");
    if (!allowed) co_return allowed.error();
    StoredProvider stored;
    auto& provider = stored.provider;
    provider.provider_id = ProviderId(random_id("idp_"));
    provider.key = request.key;
    provider.created_by = call.principal.actor_id();
    provider.created_at = provider.updated_at = call.now();
    if (auto ok = set_secret(call, stored, request, false); !ok) co_return ok.error();
    provider.settings = std::move(request.settings);
    const auto made = provider;
    const bool is_new = co_await insert_provider(edit.tx(), call.org.org_id, std::move(stored));
    if (!is_new) co_return http::conflict("/key", "taken", "there is an identity provider with this key");
    co_return edit.created(audit::Action::identity_provider_created, made.key, provider_text(made),
                           http::etag(made.version));
}

http::Answer handle_create_provider(http::Call& call) {
    return http::edit_resource(call, read_new_provider, create_provider);
}

// Whom it has signed in is not signed in any more when it is another, or none.
awaitable<void> end_sessions(http::Edit& edit, const Provider& provider) {
    co_await identity::end_sessions_of_provider(edit.tx(), provider.provider_id.str(), edit.call().now());
}

http::EditResult change_provider(http::Edit& edit) {
    auto& call = edit.call();
    auto stored = co_await lock_provider(edit.tx(), call.org.org_id, call.param("provider"));
    if (!stored) co_return http::not_found("identity provider", "{provider}");
    auto& provider = stored->provider;
    const auto before = provider_text(provider);
    auto matched = edit.match(http::etag(provider.version), before);
    if (!matched) co_return matched.error();
    auto request = patch_provider(edit.body(), provider);
    if (!request) co_return request.error();
    if (request->settings == provider.settings && !request->secret) {
        co_return edit.unchanged(before, http::etag(provider.version));
    }
    const bool is_other_issuer = request->settings.issuer != provider.settings.issuer;
    if (is_other_issuer) {
        auto allowed = webhooks::check_target(call.services.addresses, request->settings.issuer, "/issuer");
        if (!allowed) co_return allowed.error();
    }
    if (auto ok = set_secret(call, *stored, *request, is_other_issuer); !ok) co_return ok.error();
    const bool is_disabled = provider.settings.is_enabled && !request->settings.is_enabled;
    provider.settings = std::move(request->settings);
    provider.updated_at = call.now();
    ++provider.version;
    const auto made = provider;
    co_await update_provider(edit.tx(), std::move(*stored));
    if (is_disabled || is_other_issuer) co_await end_sessions(edit, made);
    co_return edit.changed(audit::Action::identity_provider_updated, std::move(*matched), provider_text(made),
                           http::etag(made.version));
}

http::Answer handle_change_provider(http::Call& call) { return http::edit_resource(call, change_provider); }

http::EditResult remove_provider(http::Edit& edit) {
    auto& call = edit.call();
    const auto stored = co_await lock_provider(edit.tx(), call.org.org_id, call.param("provider"));
    if (!stored) co_return http::not_found("identity provider", "{provider}");
    auto matched = edit.match(http::etag(stored->provider.version), provider_text(stored->provider));
    if (!matched) co_return matched.error();
    co_await end_sessions(edit, stored->provider);
    co_await delete_provider(edit.tx(), stored->provider.provider_id);
    co_return edit.deleted(audit::Action::identity_provider_deleted, std::move(*matched));
}

http::Answer handle_delete_provider(http::Call& call) { return http::edit_resource(call, remove_provider); }

using access::Permission;
using net::Method;

constexpr http::Route provider_table[] = {
    {Method::get, "/api/v1/orgs/{org}/identity-providers", Permission::manage_organisation, handle_list_providers,
     "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/identity-providers", Permission::manage_organisation, handle_create_provider},
    {Method::get, "/api/v1/orgs/{org}/identity-providers/{provider}", Permission::manage_organisation,
     handle_get_provider},
    {Method::patch, "/api/v1/orgs/{org}/identity-providers/{provider}", Permission::manage_organisation,
     handle_change_provider},
    {Method::del, "/api/v1/orgs/{org}/identity-providers/{provider}", Permission::manage_organisation,
     handle_delete_provider},
};

}  // namespace

std::span<const http::Route> provider_routes() noexcept { return provider_table; }

}  // namespace fanion::cp::sign_on
