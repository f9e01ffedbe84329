#pragma once

// The public keys of an identity provider: a JSON Web Key set (RFC 7517, RFC 7518) as it was read
// from the network, and the verification of signatures (RFC 7515) by one of its keys. Pure; keys
// are immutable and thread-safe.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::sign_on {

// What an ID token may be signed with. There is no `none`, and nothing that has a shared secret.
enum class Algorithm { rs256, ps256, es256, eddsa };
std::optional<Algorithm> parse_algorithm(std::string_view name) noexcept;  // "RS256"

inline constexpr std::size_t key_set_bytes = 256u * 1024;
inline constexpr std::size_t most_keys = 100;  // of a set; what follows is not read

// RSA of 2,048 to 8,192 bits, EC on P-256, or Ed25519.
class JsonWebKey {
public:
    // Whether the key may verify this algorithm: by its type, and by its own member `alg`.
    bool suits(Algorithm algorithm) const noexcept;
    // `signature` as in a token: of ES256 the 64 bytes r and s.
    bool verify(Algorithm algorithm, std::string_view message, std::string_view signature) const noexcept;
    const std::string& kid() const noexcept { return kid_; }  // empty: it has none

private:
    friend std::optional<JsonWebKey> make_json_web_key(std::string_view kid, std::optional<Algorithm> only,
                                                       std::shared_ptr<void> key);
    enum class Type { rsa, ec, ed25519 };
    JsonWebKey() = default;

    Type type_ = Type::rsa;
    std::string kid_;
    std::optional<Algorithm> only_;  // what `alg` says
    std::shared_ptr<void> key_;      // EVP_PKEY, shared because OpenSSL counts references and the key never changes
};

// {"keys":[..]}. Keys of other types and uses, and such that are no good, are left out: a provider
// may have any that do not concern us. Errors: invalid_input, too_large.
Result<std::vector<JsonWebKey>> parse_key_set(std::string_view text);

}  // namespace fanion::cp::sign_on
