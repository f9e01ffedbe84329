#pragma once

// Whom a backup is sealed for: an X.509 certificate, whose private key opens it. Any RSA or
// elliptic-curve certificate will do; nobody checks who issued it or until when it is valid.
// Immutable, thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"

namespace fanion::backup {

class Recipient {
public:
    // Errors: invalid_input (no certificate in PEM, or one whose key cannot be sealed for).
    static Result<Recipient> from_pem(std::string_view pem);

    // Hash of the public key, of which the private key has the same: 32 hex digits.
    const std::string& key_id() const noexcept { return key_id_; }
    void* certificate() const noexcept { return certificate_.get(); }  // X509

private:
    Recipient(std::shared_ptr<void> certificate, std::string key_id)
        : certificate_(std::move(certificate)), key_id_(std::move(key_id)) {}
    std::shared_ptr<void> certificate_;
    std::string key_id_;
};

class OpeningKey {
public:
    // PKCS#8 or traditional PEM. One with a passphrase asks for it on the terminal. Error:
    // invalid_input.
    static Result<OpeningKey> from_pem(std::string_view pem);

    const std::string& key_id() const noexcept { return key_id_; }
    void* key() const noexcept { return key_.get(); }  // EVP_PKEY

private:
    OpeningKey(std::shared_ptr<void> key, std::string key_id) : key_(std::move(key)), key_id_(std::move(key_id)) {}
    std::shared_ptr<void> key_;
    std::string key_id_;
};

struct KeyPair {
    std::string private_pem;  // secret
    std::string certificate_pem;
};
// RSA with 3072 bits and a certificate that it signs itself.
KeyPair make_key_pair(std::string_view name, UnixMillis now);

// `bytes` as CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM, in DER, which `openssl cms
// -decrypt` opens. Throws std::runtime_error if OpenSSL fails.
std::string seal(std::string_view bytes, const std::vector<Recipient>& recipients);
// Error: unprocessable: altered, cut short, or sealed for another key.
Result<std::string> open(std::string_view sealed, const OpeningKey& key);

}  // namespace fanion::backup
