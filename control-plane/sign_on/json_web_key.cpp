#include "control-plane/sign_on/json_web_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "common/base/bytes.hpp"
#include "common/base/crypto.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr json::ScanLimits key_set_limits{key_set_bytes, 16};
constexpr int fewest_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr std::size_t most_exponent_bytes = 4;
constexpr std::size_t p256_bytes = 32;

constexpr std::pair<Algorithm, std::string_view> algorithm_names[] = {
    {Algorithm::rs256, "RS256"},
    {Algorithm::ps256, "PS256"},
    {Algorithm::es256, "ES256"},
    {Algorithm::eddsa, "EdDSA"},
};

template <auto free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const noexcept {
        free(pointer);
    }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

Number to_number(std::string_view bytes) {
    return Number(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

// A member that is a string; empty otherwise.
std::string_view text_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value.is(json::Kind::string) ? value.as_string() : std::string_view();
}

std::string decoded(json::Value jwk, std::string_view name) {
    return from_base64url(text_of(jwk, name)).value_or(std::string());
}

std::shared_ptr<void> to_shared(EVP_PKEY* key) {
    return key == nullptr ? nullptr
                          : std::shared_ptr<void>(key, [](void* held) { EVP_PKEY_free(static_cast<EVP_PKEY*>(held)); });
}

std::shared_ptr<void> key_from(const char* type, const OSSL_PARAM_BLD* builder) {
    const Params params(OSSL_PARAM_BLD_to_param(const_cast<OSSL_PARAM_BLD*>(builder)));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return nullptr;
    }
    auto made = to_shared(key);
    const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return check && EVP_PKEY_public_check_quick(check.get()) == 1 ? made : nullptr;
}

std::shared_ptr<void> rsa_key(json::Value jwk) {
    const auto modulus = decoded(jwk, "n");
    const auto exponent = decoded(jwk, "e");
    if (modulus.size() > most_rsa_bits / 8 || exponent.empty() || exponent.size() > most_exponent_bytes) return nullptr;
    const auto n = to_number(modulus);
    const auto e = to_number(exponent);
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder || BN_num_bits(n.get()) < fewest_rsa_bits || !BN_is_odd(e.get()) || BN_is_one(e.get()) ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return nullptr;
    }
    return key_from("RSA", builder.get());
}

std::shared_ptr<void> ec_key(json::Value jwk) {
    const auto x = decoded(jwk, "x");
    const auto y = decoded(jwk, "y");
    if (text_of(jwk, "crv") != "P-256" || x.size() != p256_bytes || y.size() != p256_bytes) return nullptr;
    const auto point = '\x04' + x + y;
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
        return nullptr;
    }
    return key_from("EC", builder.get());
}

std::shared_ptr<void> ed25519_key(json::Value jwk) {
    const auto x = decoded(jwk, "x");
    if (text_of(jwk, "crv") != "Ed25519" || x.size() != 32) return nullptr;
    return to_shared(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(x), x.size()));
}

std::shared_ptr<void> key_of(json::Value jwk) {
    const auto type = text_of(jwk, "kty");
    if (type == "RSA") return rsa_key(jwk);
    if (type == "EC") return ec_key(jwk);
    return type == "OKP" ? ed25519_key(jwk) : nullptr;
}

// Of a key that is for signatures, with an algorithm that we know or without one.
bool is_for_signatures(json::Value jwk) {
    const bool is_used_otherwise = jwk.find("use") && text_of(jwk, "use") != "sig";
    const bool is_of_other_algorithm = jwk.find("alg") && !parse_algorithm(text_of(jwk, "alg"));
    return !is_used_otherwise && !is_of_other_algorithm;
}

// r and s as DER, which OpenSSL wants.
std::string to_der(std::string_view signature) {
    if (signature.size() != 2 * p256_bytes) return {};
    const EcSignature pair(ECDSA_SIG_new());
    auto r = to_number(signature.substr(0, p256_bytes));
    auto s = to_number(signature.substr(p256_bytes));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
    static_cast<void>(r.release());  // the pair's now
    static_cast<void>(s.release());
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    if (size <= 0) return {};
    std::string made(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return made;
}

bool set_padding(EVP_PKEY_CTX* context, Algorithm algorithm) noexcept {
    if (algorithm != Algorithm::ps256) return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view name) noexcept {
    for (const auto& [algorithm, known] : algorithm_names) {
        if (name == known) return algorithm;
    }
    return std::nullopt;
}

std::optional<JsonWebKey> make_json_web_key(std::string_view kid, std::optional<Algorithm> only,
                                            std::shared_ptr<void> key) {
    if (!key) return std::nullopt;
    JsonWebKey made;
    made.kid_ = kid;
    made.only_ = only;
    const int type = EVP_PKEY_get_base_id(static_cast<EVP_PKEY*>(key.get()));
    if (type == EVP_PKEY_EC) made.type_ = JsonWebKey::Type::ec;
    if (type == EVP_PKEY_ED25519) made.type_ = JsonWebKey::Type::ed25519;
    made.key_ = std::move(key);
    return made;
}

bool JsonWebKey::suits(Algorithm algorithm) const noexcept {
    if (only_ && *only_ != algorithm) return false;
    switch (algorithm) {
        case Algorithm::rs256:
        case Algorithm::ps256:
            return type_ == Type::rsa;
        case Algorithm::es256:
            return type_ == Type::ec;
        case Algorithm::eddsa:
            break;
    }
    return type_ == Type::ed25519;
}

bool JsonWebKey::verify(Algorithm algorithm, std::string_view message, std::string_view signature) const noexcept {
    if (!suits(algorithm)) return false;
    const auto der = algorithm == Algorithm::es256 ? to_der(signature) : std::string();
    const auto given = algorithm == Algorithm::es256 ? std::string_view(der) : signature;
    const auto* digest = algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;  // belongs to `context`
    const bool is_valid =
        context && !given.empty() &&
        EVP_DigestVerifyInit(context.get(), &settings, digest, nullptr, static_cast<EVP_PKEY*>(key_.get())) == 1 &&
        set_padding(settings, algorithm) &&
        EVP_DigestVerify(context.get(), octets(given), given.size(), octets(message), message.size()) == 1;
    ERR_clear_error();
    return is_valid;
}

Result<std::vector<JsonWebKey>> parse_key_set(std::string_view text) {
    json::Document document;
    if (auto ok = document.parse(text, key_set_limits); !ok) return ok.error();
    const auto keys = document.root().find("keys");
    if (!keys || !keys.is(json::Kind::array)) return Error{Errc::invalid_input, "the key set has no keys", {}};
    std::vector<JsonWebKey> found;
    std::size_t read = 0;
    for (const auto jwk : keys.elements()) {
        if (++read > most_keys) break;
        if (!jwk.is(json::Kind::object) || !is_for_signatures(jwk)) continue;
        auto key = make_json_web_key(text_of(jwk, "kid"), parse_algorithm(text_of(jwk, "alg")), key_of(jwk));
        if (key) found.push_back(std::move(*key));
    }
    ERR_clear_error();
    return found;
}

}  // namespace fanion::cp::sign_on
