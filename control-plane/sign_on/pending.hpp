#pragma once

// A sign-in between its two requests: what the browser keeps in a cookie, sealed, while the
// provider has it. Pure, except for what is random.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/sealing.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/sign_on/discovery.hpp"
#include "control-plane/sign_on/provider.hpp"

namespace fanion::cp::sign_on {

inline constexpr UnixMillis pending_lifetime = 10LL * 60 * 1000;

// Where the tokens go when it was a program of this machine that asked (RFC 8252).
struct LoopbackClient {
    std::uint16_t port = 0;  // at 127.0.0.1
    std::string challenge;   // of its PKCE, S256
    friend bool operator==(const LoopbackClient&, const LoopbackClient&) = default;
};

struct PendingSignOn {
    access::OrgId org_id;
    ProviderId provider_id;
    std::string state;     // that the provider sends back
    std::string nonce;     // that is in the ID token
    std::string verifier;  // of PKCE
    std::string return_to;
    std::optional<LoopbackClient> client;
    UnixMillis expires_at = 0;
};

PendingSignOn new_pending(access::OrgId org_id, ProviderId provider_id, UnixMillis now);

// The cookie's value. Error: unavailable, nothing can be sealed.
Result<std::string> seal_pending(const SealingKeys& keys, const PendingSignOn& pending);
// nullopt: not sealed here, damaged, or over.
std::optional<PendingSignOn> open_pending(const SealingKeys& keys, std::string_view value, UnixMillis now);

// Whose cookie it is: next to that of the session. One sign-in at a time: the last one counts.
identity::BrowserSite pending_site(identity::BrowserSite site);

// Under which the provider sends people back:
// "https://flags.example.com/api/v1/auth/sign-on/callback".
std::string redirect_uri(const identity::BrowserSite& site);

// The provider's page. RFC 6749 section 4.1.1, RFC 7636.
std::string authorization_url(const ProviderMetadata& metadata, const ProviderSettings& settings,
                              const PendingSignOn& pending, const std::string& redirect_uri);

// Whether a browser may be sent there afterwards: a path of this program's own site.
bool is_local_path(std::string_view path) noexcept;

// S256 of RFC 7636.
std::string challenge_of(std::string_view verifier);
bool is_challenge(std::string_view text) noexcept;

}  // namespace fanion::cp::sign_on
