// Key sets of identity providers.

#include "control-plane/sign_on/json_web_key.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

#include "tests/support/signing_key.hpp"

using namespace fanion;
using namespace fanion::cp::sign_on;
using test::SigningKey;

namespace {

std::size_t keys_in(const std::string& keys) { return parse_key_set("{\"keys\":[" + keys + "]}").value().size(); }

}  // namespace

TEST_CASE("keys of other types, uses and algorithms are left out") {
    const SigningKey rsa("r");
    const SigningKey ec("e", SigningKey::Type::ec);
    CHECK(keys_in(rsa.jwk() + ',' + ec.jwk()) == 2);
    CHECK(keys_in(rsa.jwk(R"(,"use":"enc")") + ',' + ec.jwk(R"(,"alg":"ECDH-ES")") + ',' + ec.jwk(R"(,"use":7)")) == 0);
    CHECK(keys_in(
              R"({"kty":"oct","k":"c2VjcmV0","alg":"HS256"},{"kty":"EC","crv":"P-521","x":"AA","y":"AA"},7,null,[])") ==
          0);
    CHECK(keys_in("") == 0);
}

TEST_CASE("keys that are weak or malformed are left out") {
    CHECK(keys_in(SigningKey("short", SigningKey::Type::rsa, 1024).jwk()) == 0);
    const auto n = SigningKey("r").modulus();
    const auto rsa = [](const std::string& modulus, const std::string& exponent) {
        return keys_in(R"({"kty":"RSA","n":")" + modulus + R"(","e":")" + exponent + R"("})");
    };
    CHECK(rsa(n, "AQAB") == 1);
    CHECK(rsa(n, "AQ") == 0);  // 1
    CHECK(rsa(n, "BA") == 0);  // 4
    CHECK(rsa(n, "") == 0);
    CHECK(rsa(n, "AQABAQAB") == 0);  // more than 32 bits
    CHECK(rsa("", "AQAB") == 0);
    CHECK(rsa(std::string(4096, 'A'), "AQAB") == 0);
    CHECK(rsa(n + n + n + n + n + n + n + n, "AQAB") == 0);
    const std::string zero(43, 'A');
    CHECK(keys_in(R"({"kty":"EC","crv":"P-256","x":")" + zero + R"(","y":")" + zero + R"("})") ==
          0);  // not on the curve
    CHECK(keys_in(R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})") == 0);
    CHECK(keys_in(R"({"kty":"OKP","crv":"Ed25519","x":"AA"})") == 0);
    CHECK(keys_in(R"({"kty":"OKP","crv":"X25519","x":")" + zero + R"("})") == 0);
}

TEST_CASE("a key set is bounded") {
    CHECK_FALSE(parse_key_set("{}"));
    CHECK_FALSE(parse_key_set("[]"));
    CHECK_FALSE(parse_key_set("{\"keys\":{}}"));
    CHECK_FALSE(parse_key_set("{\"keys\":\"" + std::string(key_set_bytes, 'x') + "\"}"));
    const auto jwk = SigningKey("d", SigningKey::Type::ed25519).jwk();
    std::string many = jwk;
    for (int i = 0; i < 150; ++i) many += ',' + jwk;
    CHECK(keys_in(many) == most_keys);
}
