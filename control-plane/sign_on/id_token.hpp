#pragma once

// ID tokens of OpenID Connect (Core 1.0, sections 2 and 3.1.3.7): what a provider says of a person,
// signed by it. The token is hostile until it is verified. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/sign_on/json_web_key.hpp"

namespace fanion::cp::sign_on {

inline constexpr std::size_t id_token_bytes = 64u * 1024;
inline constexpr std::size_t most_groups = 1000;  // of a person; a token with more is refused
inline constexpr UnixMillis clock_leeway = 60LL * 1000;
inline constexpr UnixMillis oldest_token = 10LL * 60 * 1000;  // since `iat`; it was asked for just now

// A token's parts, decoded; nothing in it is verified.
struct SignedToken {
    Algorithm algorithm{};
    std::string kid;      // empty: the header has none
    std::string message;  // what is signed
    std::string claims;   // JSON
    std::string signature;
};
// Errors: unauthenticated, with a finding `malformed` or `bad_algorithm`.
Result<SignedToken> split_token(std::string_view token);

// Whether no key of the set can have signed it: the provider may have new ones. A token without
// `kid` is of the only key that suits.
bool lacks_key(const std::vector<JsonWebKey>& keys, const SignedToken& token);

struct ExpectedToken {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    std::string access_token;  // that came with it, for `at_hash`
    std::string groups_claim;  // empty: groups are not read
    UnixMillis now = 0;
};

struct Person {
    std::string subject;
    std::string email;  // empty: not said
    bool is_email_verified = false;
    std::string name;
    std::vector<std::string> groups;  // as the claim names them; none: the token has no such claim
};
// Errors: unauthenticated, with a finding whose code says what does not hold: unknown_key,
// bad_signature, malformed, wrong_issuer, wrong_audience, wrong_party, expired, not_yet_valid,
// too_old, wrong_nonce, wrong_access_token, too_many_groups.
Result<Person> verify_token(const std::vector<JsonWebKey>& keys, const SignedToken& token,
                            const ExpectedToken& expected);

}  // namespace fanion::cp::sign_on
