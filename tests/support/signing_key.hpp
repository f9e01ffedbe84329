#pragma once

// A private key that signs JSON Web Tokens, as an identity provider of a test has it, and its
// public half as a JSON Web Key.

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/crypto.hpp"

namespace fanion::test {

class SigningKey {
public:
    enum class Type { rsa, ec, ed25519 };

    explicit SigningKey(std::string kid, Type type = Type::rsa, unsigned bits = 2048)
        : kid_(std::move(kid)), type_(type), key_(generate(type, bits), EVP_PKEY_free) {
        if (!key_) throw std::runtime_error("no key");
    }

    const std::string& kid() const noexcept { return kid_; }
    std::string algorithm() const {
        if (type_ == Type::rsa) return "RS256";
        return type_ == Type::ec ? "ES256" : "EdDSA";
    }

    // {"kty":..}; `more`: further members, with a comma before them.
    std::string jwk(const std::string& more = "") const {
        auto text = "{\"kid\":\"" + kid_ + "\",";
        if (type_ == Type::rsa) {
            text += R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
                    number(OSSL_PKEY_PARAM_RSA_E, 0) + '"';
        } else if (type_ == Type::ec) {
            text += R"("kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
                    number(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + '"';
        } else {
            std::string raw(32, '\0');
            std::size_t size = raw.size();
            EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
            text += R"("kty":"OKP","crv":"Ed25519","x":")" + to_base64url(raw) + '"';
        }
        return text + more + '}';
    }
    // Of RSA, as everybody knows it.
    std::string modulus() const { return number(OSSL_PKEY_PARAM_RSA_N, 0); }

    // A token with these claims.
    std::string token(const std::string& claims) const { return token_with(header(algorithm()), claims); }
    std::string header(const std::string& algorithm) const {
        return R"({"alg":")" + algorithm + R"(","kid":")" + kid_ + "\"}";
    }
    std::string token_with(const std::string& header, const std::string& claims, bool is_pss = false) const {
        const auto message = to_base64url(header) + '.' + to_base64url(claims);
        return message + '.' + to_base64url(sign(message, is_pss));
    }

private:
    static EVP_PKEY* generate(Type type, unsigned bits) {
        if (type == Type::rsa) return EVP_RSA_gen(bits);
        return type == Type::ec ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }

    // Big-endian, in base64url; `size`: padded to it.
    std::string number(const char* name, int size) const {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        std::string bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(value)), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
        BN_free(value);
        return to_base64url(bytes);
    }

    std::string sign(const std::string& message, bool is_pss) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_PKEY_CTX* settings = nullptr;
        EVP_DigestSignInit(context.get(), &settings, type_ == Type::ed25519 ? nullptr : EVP_sha256(), nullptr,
                           key_.get());
        if (is_pss) {
            EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
        }
        const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
        std::string signature(2048, '\0');
        std::size_t size = signature.size();
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, message.size());
        signature.resize(size);
        return type_ == Type::ec ? raw_signature(signature) : signature;
    }

    // r and s, each 32 bytes.
    static std::string raw_signature(const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        std::string raw(64, '\0');
        auto* to = reinterpret_cast<unsigned char*>(raw.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), to, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), to + 32, 32);
        ECDSA_SIG_free(pair);
        return raw;
    }

    std::string kid_;
    Type type_;
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace fanion::test
