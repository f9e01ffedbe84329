#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "common/base/bytes.hpp"
#include "common/base/crypto.hpp"

namespace fanion {
namespace {

constexpr std::size_t key_length = 32;
constexpr std::size_t signature_length = 64;

EVP_PKEY* as_key(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

std::shared_ptr<void> own(EVP_PKEY* key) {
    return {key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }};
}

struct MdContext {
    EVP_MD_CTX* value = EVP_MD_CTX_new();
    MdContext() = default;
    MdContext(const MdContext&) = delete;
    ~MdContext() { EVP_MD_CTX_free(value); }
};

std::string raw_public(EVP_PKEY* key) {
    std::string raw(key_length, '\0');
    std::size_t length = raw.size();
    if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &length) != 1) {
        throw std::runtime_error("OpenSSL failed: raw public key");
    }
    return raw;
}

std::string kid_of(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key, &der);
    if (length <= 0) throw std::runtime_error("OpenSSL failed: DER of a public key");
    const auto hash = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)});
    OPENSSL_free(der);
    return to_hex(as_view(hash).substr(0, 8));
}

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::from_raw(std::string_view raw32) {
    if (raw32.size() != key_length) return Error{Errc::invalid_input, "an Ed25519 public key has 32 bytes"};
    auto* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(raw32), raw32.size());
    if (key == nullptr) return Error{Errc::invalid_input, "not an Ed25519 public key"};
    auto owned = own(key);
    return Ed25519PublicKey(owned, kid_of(key));
}

bool Ed25519PublicKey::verify(std::string_view message, std::string_view signature64) const noexcept {
    if (signature64.size() != signature_length) return false;
    const MdContext context;
    return context.value != nullptr &&
           EVP_DigestVerifyInit(context.value, nullptr, nullptr, nullptr, as_key(key_)) == 1 &&
           EVP_DigestVerify(context.value, octets(signature64), signature64.size(), octets(message), message.size()) ==
               1;
}

std::string Ed25519PublicKey::raw() const { return raw_public(as_key(key_)); }

Ed25519PrivateKey::Ed25519PrivateKey(std::shared_ptr<void> key)
    : key_(std::move(key)), public_key_(Ed25519PublicKey::from_raw(raw_public(as_key(key_))).value()) {}

Ed25519PrivateKey Ed25519PrivateKey::generate() {
    auto* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (key == nullptr) throw std::runtime_error("OpenSSL failed: Ed25519 key generation");
    return Ed25519PrivateKey(own(key));
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::from_pem(std::string_view pem) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    // An empty pass phrase instead of OpenSSL's prompt on the terminal.
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, const_cast<char*>(""));
    BIO_free(bio);
    if (key == nullptr) return Error{Errc::invalid_input, "not a private key in PEM form"};
    auto owned = own(key);
    if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return Error{Errc::invalid_input, "not an Ed25519 private key"};
    return Ed25519PrivateKey(owned);
}

std::string Ed25519PrivateKey::to_pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, as_key(key_), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    std::string pem(data, static_cast<std::size_t>(length));
    BIO_free(bio);
    return pem;
}

std::string Ed25519PrivateKey::sign(std::string_view message) const {
    const MdContext context;
    std::string signature(signature_length, '\0');
    std::size_t length = signature.size();
    const bool ok = EVP_DigestSignInit(context.value, nullptr, nullptr, nullptr, as_key(key_)) == 1 &&
                    EVP_DigestSign(context.value, reinterpret_cast<unsigned char*>(signature.data()), &length,
                                   octets(message), message.size()) == 1;
    if (!ok) throw std::runtime_error("OpenSSL failed: Ed25519 signature");
    return signature;
}

}  // namespace fanion
