#pragma once

// Access tokens: JSON Web Tokens in the one form this program issues (RFC 7519, RFC 8037, RFC 9068): EdDSA over Ed25519,
// `typ` at+jwt, all claims present. The header must be, byte for byte, the one we would write for one of our keys, so no
// other algorithm can be asked for. Pure but for random ids.
//
// Not thread-safe: rotate() changes the list of keys that issue() and verify() read. All calls are made on one thread (the
// control plane's I/O thread).

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"

namespace fanion::cp::identity {

struct AccessClaims {
    std::string user_id;     // sub
    std::string session_id;  // sid: the sign-in
    std::string id;          // jti
    UnixMillis issued_at = 0;
    UnixMillis expires_at = 0;
};

class AccessTokens {
public:
    static constexpr UnixMillis lifetime = 10 * 60 * 1000;
    static constexpr std::string_view audience = "fanion-admin-api";

    // The first key signs; all verify, so that keys can be rotated. At least one.
    AccessTokens(std::vector<Ed25519PrivateKey> keys, std::string issuer);

    // From `now` on `key` signs; what the ones before have signed holds until it expires by itself. False when it signs
    // already.
    bool rotate(Ed25519PrivateKey key, UnixMillis now);

    struct Issued {
        std::string token;
        AccessClaims claims;
    };
    Issued issue(std::string user_id, std::string session_id, UnixMillis now) const;

    // Error: unauthenticated, saying no more than that the token does not hold.
    Result<AccessClaims> verify(std::string_view token, UnixMillis now) const;

private:
    struct Key {
        Ed25519PrivateKey key;
        std::string header;                                         // first segment, encoded
        UnixMillis until = std::numeric_limits<UnixMillis>::max();  // verifies before that
    };
    Result<AccessClaims> read_claims(std::string_view encoded, UnixMillis now) const;

    std::vector<Key> keys_;
    std::string issuer_;
};

}  // namespace fanion::cp::identity
