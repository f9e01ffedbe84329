#pragma once

// Access tokens: JSON Web Tokens in the one form that this program issues (RFC 7519, RFC 8037, RFC
// 9068): EdDSA over Ed25519, `typ` at+jwt, all claims present. The header must equal, byte for
// byte, the one that we write for one of our keys, so a token cannot choose another algorithm. Pure
// except for random ids.
//
// Not thread-safe: rotate() changes the keys that issue() and verify() read. Each of the control
// plane's I/O threads has its own.

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::identity {

struct AccessClaims {
    access::UserId user_id;        // sub
    access::SessionId session_id;  // sid
    std::string id;                // jti
    UnixMillis issued_at = 0;
    UnixMillis expires_at = 0;
};

class AccessTokens {
public:
    static constexpr UnixMillis lifetime = 10 * 60 * 1000;
    static constexpr std::string_view audience = "fanion-admin-api";

    // The first key signs, all of them verify. At least one.
    AccessTokens(std::vector<Ed25519PrivateKey> keys, std::string issuer);

    // Accepts what `key` has signed, before anything is signed with it here.
    void expect(Ed25519PrivateKey key);
    // Signs with `key` from `now` on. Tokens that earlier keys have signed stay valid until they
    // expire. False when `key` is the signing key already.
    bool rotate(Ed25519PrivateKey key, UnixMillis now);

    struct Issued {
        std::string token;
        AccessClaims claims;
    };
    Issued issue(access::UserId user_id, access::SessionId session_id, UnixMillis now) const;

    // Whether `token` begins as our tokens do. For telling them from the tokens of others.
    static bool has_form(std::string_view token) noexcept;

    // Error: unauthenticated, without a reason.
    Result<AccessClaims> verify(std::string_view token, UnixMillis now) const;

private:
    struct Key {
        Ed25519PrivateKey key;
        std::string header;                                         // first segment, encoded
        UnixMillis until = std::numeric_limits<UnixMillis>::max();  // verifies before this time
    };
    Result<AccessClaims> read_claims(std::string_view encoded, UnixMillis now) const;

    std::vector<Key> keys_;
    std::string issuer_;
};

}  // namespace fanion::cp::identity
