#include "control-plane/secrets/sealed_kind.hpp"

#include <algorithm>

#include "control-plane/identity/totp.hpp"
#include "control-plane/rollouts/source.hpp"
#include "control-plane/sign_on/provider.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::secrets {
namespace {

SealedPlace url_place(const SealedId& of) {
    return webhooks::url_place(access::OrgId(of.org_id), webhooks::WebhookId(of.id));
}

SealedPlace secret_place(const SealedId& of) {
    return webhooks::secret_place(access::OrgId(of.org_id), webhooks::WebhookId(of.id));
}

SealedPlace client_secret_place(const SealedId& of) {
    return sign_on::client_secret_place(access::OrgId(of.org_id), sign_on::ProviderId(of.id));
}

// Its context names the organisation.
SealedPlace token_place(const SealedId& of) { return {"", rollouts::token_context(of.org_id, of.id)}; }

SealedPlace factor_place(const SealedId& of) { return {"", identity::factor_context(access::UserId(of.id))}; }

constexpr SealedKind kinds[] = {
    {"webhook_url", "webhooks", "url", true, url_place},
    {"webhook_secret", "webhooks", "secret", true, secret_place},
    {"webhook_previous_secret", "webhooks", "previous_secret", true, secret_place},
    {"client_secret", "identity_providers", "client_secret", true, client_secret_place},
    {"prometheus_token", "prometheus_sources", "token", false, token_place},
    {"second_factor", "second_factors", "sealed_secret", false, factor_place},
};

}  // namespace

std::span<const SealedKind> sealed_kinds() noexcept { return kinds; }

UnderKey under_key(const SealedKind& kind, std::string_view head, const SealingKeys& keys) {
    if (head == keys.head(kind.has_tenant)) return UnderKey::current;
    const auto ids = keys.ids();
    const bool is_known = !head.empty() && std::ranges::find(ids, head.substr(1)) != ids.end();
    return is_known ? UnderKey::older : UnderKey::unknown;
}

}  // namespace fanion::cp::secrets
