#pragma once

// What a program of the person's own machine exchanges for tokens when a provider has signed the
// person in (RFC 8252): it says who that is, sealed, and is of use to whoever knows the verifier of
// its challenge, once. Pure, except for what is random.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/sealing.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/sign_on/provider.hpp"

namespace fanion::cp::sign_on {

inline constexpr UnixMillis client_code_lifetime = 60LL * 1000;

struct ClientCode {
    access::OrgId org_id;
    ProviderId provider_id;
    access::UserId user_id;
    std::string challenge;
    UnixMillis expires_at = 0;
};

// In base64url. Error: unavailable, nothing can be sealed.
Result<std::string> seal_client_code(const SealingKeys& keys, const ClientCode& code);
// nullopt: not sealed here, damaged, or over.
std::optional<ClientCode> open_client_code(const SealingKeys& keys, std::string_view text, UnixMillis now);

}  // namespace fanion::cp::sign_on
