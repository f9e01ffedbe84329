#pragma once

// An identity provider of an organisation, which signs its people in. Plain values and their JSON;
// pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/sealing.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::sign_on {

using ProviderId = StrongId<struct ProviderIdTag>;

inline constexpr std::size_t most_providers = 10;  // of an organisation
inline constexpr std::size_t most_domains = 50;    // of a provider
inline constexpr std::size_t most_scopes = 20;

// What people decide.
struct ProviderSettings {
    std::string name;  // as people see it
    std::string issuer;
    std::string client_id;
    std::vector<std::string> scopes;   // besides openid
    std::vector<std::string> domains;  // of e-mail addresses; ASCII letters in lower case
    std::string groups_claim;          // empty: groups are not read
    bool is_enabled = true;
    bool adds_members = false;  // whoever is unknown becomes a member on the spot

    friend bool operator==(const ProviderSettings&, const ProviderSettings&) = default;
};

struct Provider {
    ProviderId provider_id;
    std::string key;
    ProviderSettings settings;
    bool has_secret = false;
    std::string created_by;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

// What a request says of one.
struct ProviderRequest {
    std::string key;  // of a new one
    ProviderSettings settings;
    // nullopt: the secret stays as it is; empty: there is none.
    std::optional<std::string> secret;
};

// Errors: invalid_input with findings.
Result<ProviderRequest> read_new_provider(json::Value body);
// PATCH: a JSON Merge Patch.
Result<ProviderRequest> patch_provider(json::Value patch, const Provider& present);

// Never with the secret.
void write_provider(json::Writer& w, const Provider& provider);
std::string provider_text(const Provider& provider);

// What the secret of a provider is sealed for (base/sealing.hpp).
SealedPlace client_secret_place(const access::OrgId& org_id, const ProviderId& provider_id);

// Whether the provider may speak for the e-mail address.
bool covers(const ProviderSettings& settings, std::string_view email);

}  // namespace fanion::cp::sign_on
