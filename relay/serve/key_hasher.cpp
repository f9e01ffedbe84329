#include "relay/serve/key_hasher.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace fanion::relay::serve {
namespace {

EVP_MD_CTX* context(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

void require(bool succeeded) {
    if (!succeeded) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

}  // namespace

KeyHasher::KeyHasher() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    require(algorithm_ && context_);
    require(EVP_DigestInit_ex2(context(context_), static_cast<EVP_MD*>(algorithm_), nullptr) == 1);
}

KeyHasher::~KeyHasher() {
    EVP_MD_CTX_free(context(context_));
    EVP_MD_free(static_cast<EVP_MD*>(algorithm_));
}

void KeyHasher::begin() { require(EVP_DigestInit_ex2(context(context_), nullptr, nullptr) == 1); }

void KeyHasher::update(std::string_view bytes) {
    require(EVP_DigestUpdate(context(context_), bytes.data(), bytes.size()) == 1);
}

Sha256 KeyHasher::finish() {
    Sha256 hash;
    require(EVP_DigestFinal_ex(context(context_), hash.data(), nullptr) == 1);
    return hash;
}

Sha256 KeyHasher::hash(std::string_view bytes) {
    begin();
    update(bytes);
    return finish();
}

}  // namespace fanion::relay::serve
