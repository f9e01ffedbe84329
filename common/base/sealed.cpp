#include "common/base/sealed.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "common/base/crypto.hpp"

namespace fanion {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void require_sealing(bool done) {
    if (!done) throw std::runtime_error("OpenSSL failed: AES-256-GCM");
}

Cipher new_cipher(std::string_view key) {
    if (key.size() != key_bytes) throw std::invalid_argument("a key has 32 bytes");
    Cipher cipher(EVP_CIPHER_CTX_new());
    require_sealing(cipher != nullptr);
    return cipher;
}

}  // namespace

std::string seal(std::string_view key, std::string_view text) {
    const auto cipher = new_cipher(key);
    const auto nonce = random_bytes(nonce_bytes);
    std::string out(text.size(), '\0');
    std::string tag(tag_bytes, '\0');
    int length = 0;
    require_sealing(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                                       bytes_of(std::string_view(nonce))) == 1);
    require_sealing(
        EVP_EncryptUpdate(cipher.get(), bytes_of(out), &length, bytes_of(text), static_cast<int>(text.size())) == 1);
    int rest = 0;
    require_sealing(EVP_EncryptFinal_ex(cipher.get(), bytes_of(out) + length, &rest) == 1);
    require_sealing(
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes), bytes_of(tag)) == 1);
    return nonce + out + tag;
}

std::optional<std::string> open_sealed(std::string_view key, std::string_view sealed) {
    if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
    const auto cipher = new_cipher(key);
    const auto nonce = sealed.substr(0, nonce_bytes);
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    const auto text = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string out(text.size(), '\0');
    int length = 0;
    require_sealing(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) == 1);
    require_sealing(
        EVP_DecryptUpdate(cipher.get(), bytes_of(out), &length, bytes_of(text), static_cast<int>(text.size())) == 1);
    require_sealing(
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), bytes_of(tag)) == 1);
    int rest = 0;
    if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(out) + length, &rest) != 1) return std::nullopt;
    return out;
}

}  // namespace fanion
