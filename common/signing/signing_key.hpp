#pragma once

// An Ed25519 key that signs, wherever it is: in this process, behind a signer's socket, in a
// PKCS#11 token. Thread-safe.

#include <memory>
#include <string>
#include <string_view>

#include "common/base/crypto.hpp"
#include "common/base/error.hpp"

namespace fanion::signing {

class SigningKey {
public:
    virtual ~SigningKey() = default;

    virtual const Ed25519PublicKey& public_key() const noexcept = 0;
    // 64 bytes (RFC 8032). Error: unavailable, the key cannot be reached now; the detail says why.
    virtual Result<std::string> sign(std::string_view message) const = 0;
    // Whether sign() is a computation of this process. Otherwise it blocks.
    virtual bool is_local() const noexcept = 0;
};

using SigningKeyPtr = std::shared_ptr<const SigningKey>;  // shared with work that signs on other threads

SigningKeyPtr make_local_key(Ed25519PrivateKey key);

}  // namespace fanion::signing
