#pragma once

// Tokens for programs: personal tokens, which act as the person who made them, and tokens of
// service accounts, which have a role of their own in one organisation. Plain values; pure.

#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/permission.hpp"

namespace fanion::cp::tokens {

inline constexpr UnixMillis token_lifetime = 90LL * 24 * 60 * 60 * 1000;  // unless the request says otherwise
// Tokens of one person that are neither revoked nor expired.
inline constexpr std::size_t most_personal_tokens = 100;

// What both kinds have.
struct Token {
    access::TokenId token_id;
    std::string name;
    access::Permissions scopes;
    UnixMillis created_at = 0;
    std::optional<UnixMillis> expires_at;
    std::optional<UnixMillis> revoked_at;
    std::optional<UnixMillis> last_used_at;  // in whole minutes
    access::TokenId replaces;                // the token that was rotated into this one; empty: none
};

// One token of a service account; after a rotation the account has another.
struct ServiceToken {
    Token token;
    access::ServiceAccountId account_id;
    access::Role role = access::Role::viewer;
    std::string created_by;  // id of the person or service account
};

bool is_live(const Token& token, UnixMillis now) noexcept;
// Error: unauthenticated, when the token is revoked or expired.
Result<> check_live(const Token& token, UnixMillis now);

// The minute of `now` when that is later than the last use: the time to write. nullopt: this use is
// recorded already.
std::optional<UnixMillis> use_to_record(const std::optional<UnixMillis>& last_used_at, UnixMillis now) noexcept;

}  // namespace fanion::cp::tokens
