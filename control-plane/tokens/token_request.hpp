#pragma once

// The bodies of requests for new tokens, read and validated. Pure.

#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/access/permission.hpp"

namespace fanion::cp::tokens {

struct PersonalTokenRequest {
    std::string name;
    access::Permissions scopes;
    std::optional<UnixMillis> expires_at;  // none: never, which must be asked for with null
};
// {"name","scopes","expires_at"}; `name` and at least one scope are required. Errors: invalid_input
// with findings.
Result<PersonalTokenRequest> read_personal_token_request(json::Value body, UnixMillis now);

struct ServiceTokenRequest {
    std::string name;
    access::Role role = access::Role::viewer;
    access::Permissions scopes;  // all of the role's unless the request names some
    std::optional<UnixMillis> expires_at;
};
// The same with "role", which is required; `scopes` is optional and within the role. Errors:
// invalid_input with findings.
Result<ServiceTokenRequest> read_service_token_request(json::Value body, UnixMillis now);

}  // namespace fanion::cp::tokens
