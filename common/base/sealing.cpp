#include "common/base/sealing.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "common/base/bytes.hpp"
#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion {
namespace {

constexpr char context_version = '\x01';
constexpr char tenant_version = '\x02';
constexpr std::size_t key_bytes = 32;
constexpr std::size_t id_bytes = 4;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t head_bytes = 1 + id_bytes + nonce_bytes;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

void require_ok(bool ok) {
    if (!ok) throw std::runtime_error("OpenSSL failed: AES-256-GCM");
}

// Begins one direction, 1 to encrypt and 0 to decrypt, and authenticates the head and the context.
CipherContext begin_cipher(int direction, std::string_view key, std::string_view head, std::string_view context) {
    CipherContext cipher(EVP_CIPHER_CTX_new());
    require_ok(cipher != nullptr);
    const auto nonce = head.substr(1 + id_bytes);
    int length = 0;
    require_ok(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key), octets(nonce), direction) == 1);
    for (const auto part : {head, context}) {
        require_ok(EVP_CipherUpdate(cipher.get(), nullptr, &length, octets(part), static_cast<int>(part.size())) == 1);
    }
    return cipher;
}

std::string authenticated_text(const SealedPlace& place) { return place.tenant + '\n' + place.context; }

Error no_key() { return {Errc::unavailable, "this installation has no key for stored secrets: see --secrets-key", {}}; }

}  // namespace

Result<SealingKeys> SealingKeys::parse(std::string_view text) {
    SealingKeys made;
    std::size_t number = 0;
    for (const auto line : split(text, '\n')) {
        ++number;
        const auto word = trim(line);
        if (word.empty() || word.starts_with('#')) continue;
        const auto fail = [number](const char* what) {
            return Error{Errc::invalid_input, "line " + std::to_string(number) + ": " + what, {}};
        };
        auto bytes = from_base64(word);
        if (!bytes || bytes->size() != key_bytes)
            return fail("a key for stored secrets is 32 bytes in base64, one key a line");
        auto key = of(std::move(*bytes)).keys_.front();
        if (std::ranges::find(made.keys_, key.id, &Key::id) != made.keys_.end())
            return fail("this key is there already");
        made.keys_.push_back(std::move(key));
    }
    if (made.empty()) return Error{Errc::invalid_input, "there is no key for stored secrets", {}};
    return made;
}

SealingKeys SealingKeys::of(std::string key) {
    if (key.size() != key_bytes) throw std::invalid_argument("a key for stored secrets has 32 bytes");
    SealingKeys made;
    std::string id(as_view(sha256(key)).substr(0, id_bytes));
    made.keys_.push_back({std::move(id), std::move(key)});
    return made;
}

std::string SealingKeys::make_text() { return to_base64(random_bytes(key_bytes)) + '\n'; }

std::vector<std::string> SealingKeys::ids() const {
    std::vector<std::string> found;
    for (const auto& key : keys_) found.push_back(key.id);
    return found;
}

std::string SealingKeys::head(bool has_tenant) const {
    return (has_tenant ? tenant_version : context_version) + keys_.at(0).id;
}

Result<std::string> SealingKeys::seal(std::string_view secret, std::string_view context) const {
    return seal_as(context_version, secret, context);
}

Result<std::string> SealingKeys::seal(std::string_view secret, const SealedPlace& place) const {
    if (place.tenant.empty()) return seal(secret, place.context);
    return seal_as(tenant_version, secret, authenticated_text(place));
}

Result<std::string> SealingKeys::open(std::string_view sealed, std::string_view context) const {
    return open_as(context_version, sealed, context);
}

Result<std::string> SealingKeys::open(std::string_view sealed, const SealedPlace& place) const {
    const bool has_tenant = !place.tenant.empty() && sealed.starts_with(tenant_version);
    if (!has_tenant) return open(sealed, place.context);
    return open_as(tenant_version, sealed, authenticated_text(place));
}

Result<std::string> SealingKeys::seal_as(char version, std::string_view secret, std::string_view authenticated) const {
    if (empty()) return no_key();
    const auto& key = keys_.front();
    const auto head = version + key.id + random_bytes(nonce_bytes);
    const auto cipher = begin_cipher(1, key.bytes, head, authenticated);
    std::string body(secret.size() + tag_bytes, '\0');
    int length = 0;
    const auto size = static_cast<int>(secret.size());
    require_ok(EVP_CipherUpdate(cipher.get(), octets(body), &length, octets(secret), size) == 1);
    require_ok(EVP_CipherFinal_ex(cipher.get(), octets(body) + length, &length) == 1);
    require_ok(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, octets(body) + secret.size()) == 1);
    return head + body;
}

Result<std::string> SealingKeys::open_as(char version, std::string_view sealed, std::string_view authenticated) const {
    if (empty()) return no_key();
    if (sealed.size() < head_bytes + tag_bytes || sealed.front() != version) {
        return Error{Errc::invalid_input, "the stored secret is damaged", {}};
    }
    const auto head = sealed.substr(0, head_bytes);
    const auto id = sealed.substr(1, id_bytes);
    const auto key = std::ranges::find(keys_, id, &Key::id);
    if (key == keys_.end()) {
        return Error{Errc::unavailable,
                     "the stored secret was sealed with the key " + to_hex(id) + ", which is not in --secrets-key",
                     {}};
    }
    const auto body = sealed.substr(head_bytes, sealed.size() - head_bytes - tag_bytes);
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    const auto cipher = begin_cipher(0, key->bytes, head, authenticated);
    std::string secret(body.size(), '\0');
    int length = 0;
    const auto size = static_cast<int>(body.size());
    require_ok(EVP_CipherUpdate(cipher.get(), octets(secret), &length, octets(body), size) == 1);
    require_ok(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, octets(tag)) == 1);
    if (EVP_CipherFinal_ex(cipher.get(), octets(secret) + length, &length) != 1) {
        return Error{Errc::invalid_input, "the stored secret is damaged, or belongs to something else", {}};
    }
    return secret;
}

std::string sealing_key_id(std::string_view sealed) {
    return sealed.size() < head_bytes ? std::string() : to_hex(sealed.substr(1, id_bytes));
}

}  // namespace fanion
