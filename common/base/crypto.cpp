#include "common/base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <utility>

namespace fanion {
namespace {

// Fetched once: an implicit fetch costs more than hashing a small input.
const EVP_MD* sha256_method() {
    static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return method;
}

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

void require(bool ok, const char* what) {
    if (!ok) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    struct Context {
        EVP_MD_CTX* value = EVP_MD_CTX_new();
        ~Context() { EVP_MD_CTX_free(value); }
    };
    static thread_local const Context context;  // keeps its allocation between calls
    Sha256 hash;
    const bool ok = context.value != nullptr && EVP_DigestInit_ex(context.value, sha256_method(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.value, bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.value, hash.data(), nullptr) == 1;
    require(ok, "SHA-256");
    return hash;
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
    require(context_ != nullptr && EVP_DigestInit_ex(as_context(context_), sha256_method(), nullptr) == 1, "SHA-256");
}
Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(as_context(context_)); }
Sha256Stream::Sha256Stream(Sha256Stream&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
Sha256Stream& Sha256Stream::operator=(Sha256Stream&& other) noexcept {
    std::swap(context_, other.context_);
    return *this;
}
void Sha256Stream::update(std::string_view bytes) {
    require(EVP_DigestUpdate(as_context(context_), bytes.data(), bytes.size()) == 1, "SHA-256");
}
Sha256 Sha256Stream::finish() {
    Sha256 hash;
    require(EVP_DigestFinal_ex(as_context(context_), hash.data(), nullptr) == 1, "SHA-256");
    return hash;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::string out(32, '\0');
    unsigned length = 0;
    const auto* done = HMAC(sha256_method(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                            reinterpret_cast<unsigned char*>(out.data()), &length);
    require(done != nullptr && length == out.size(), "HMAC");
    return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    require(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1, "RAND_bytes");
    return out;
}

}  // namespace fanion
