#pragma once

// Hashes, signatures and encodings, based on OpenSSL 3. Pure, except for random_bytes; thread-safe.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);

// Incremental SHA-256. One thread.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    void update(std::string_view bytes);
    Sha256 finish();  // call once

private:
    void* context_;  // EVP_MD_CTX
};

std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 raw bytes

bool constant_time_equal(std::string_view a, std::string_view b) noexcept;
std::string random_bytes(std::size_t count);

std::string to_hex(std::string_view bytes);  // lower case
std::string to_hex(const Sha256& hash);
std::optional<std::string> from_hex(std::string_view text);
std::optional<Sha256> sha256_from_hex(std::string_view text);   // exactly 64 digits
std::string to_base64(std::string_view bytes);                  // RFC 4648 section 4, padded
std::optional<std::string> from_base64(std::string_view text);  // strict: padded, no white space, zero trailing bits
std::string to_base64url(std::string_view bytes);               // RFC 4648 section 5, without padding
std::optional<std::string> from_base64url(std::string_view text);

inline std::string_view as_view(const Sha256& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Ed25519 (RFC 8032). Immutable, thread-safe, cheap to copy.
class Ed25519PublicKey {
public:
    static Result<Ed25519PublicKey> from_raw(std::string_view raw32);
    bool verify(std::string_view message, std::string_view signature64) const noexcept;
    std::string raw() const;  // 32 bytes
    // First 16 hex digits of SHA-256 of the DER SubjectPublicKeyInfo (distribution.md). A hint,
    // never an authority.
    const std::string& kid() const noexcept { return kid_; }

private:
    friend class Ed25519PrivateKey;
    Ed25519PublicKey(std::shared_ptr<void> key, std::string kid) : key_(std::move(key)), kid_(std::move(kid)) {}
    std::shared_ptr<void> key_;  // EVP_PKEY, shared because OpenSSL counts references and the key never changes
    std::string kid_;
};

class Ed25519PrivateKey {
public:
    static Ed25519PrivateKey generate();
    static Result<Ed25519PrivateKey> from_pem(std::string_view pem);  // PKCS#8
    std::string to_pem() const;                                       // PKCS#8, a secret
    std::string sign(std::string_view message) const;                 // 64 bytes
    const Ed25519PublicKey& public_key() const noexcept { return public_key_; }

private:
    explicit Ed25519PrivateKey(std::shared_ptr<void> key);
    std::shared_ptr<void> key_;
    Ed25519PublicKey public_key_;
};

}  // namespace fanion
