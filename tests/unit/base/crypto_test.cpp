#include "common/base/crypto.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

TEST_CASE("SHA-256 gives the vectors of FIPS 180-4") {
    CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Sha256Stream stream;
    stream.update("a");
    stream.update("");
    stream.update("bc");
    CHECK(stream.finish() == sha256("abc"));
}

TEST_CASE("HMAC-SHA-256 gives RFC 4231's second vector") {
    CHECK(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("base64 reads only the one spelling of a byte string") {
    CHECK(to_base64("fo") == "Zm8=");
    CHECK(to_base64url("\xfb\xff") == "-_8");
    CHECK(from_base64("Zm9vYg==") == "foob");
    CHECK(from_base64("") == "");
    for (const auto* bad : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zg==\n", "Z g=", "Zm-v", "Zg==Zg=="}) {
        INFO(bad);
        CHECK_FALSE(from_base64(bad).has_value());
    }
    CHECK(from_base64url("Zg") == "f");
    CHECK_FALSE(from_base64url("Zg==").has_value());
    CHECK_FALSE(from_base64url("Zh").has_value());
}

TEST_CASE("hex is lower case and even") {
    CHECK(to_hex(std::string_view("\x00\xff", 2)) == "00ff");
    CHECK(from_hex("00ff") == std::string("\x00\xff", 2));
    CHECK_FALSE(from_hex("0").has_value());
    CHECK_FALSE(from_hex("0G").has_value());
    CHECK_FALSE(from_hex("FF").has_value());
    CHECK_FALSE(sha256_from_hex("00").has_value());
}

TEST_CASE("Ed25519 gives RFC 8032's first vector and refuses any flipped bit") {
    const auto key =
        Ed25519PublicKey::from_raw(*from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    REQUIRE(key.has_value());
    const auto signature = *from_hex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141"
        "438e7a100b");
    CHECK(key->verify("", signature));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        auto changed = signature;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CHECK_FALSE(key->verify("", changed));
    }
    CHECK_FALSE(key->verify("x", signature));
    CHECK_FALSE(key->verify("", signature.substr(1)));
}

TEST_CASE("a private key survives its PEM form") {
    const auto key = Ed25519PrivateKey::generate();
    const auto again = Ed25519PrivateKey::from_pem(key.to_pem());
    REQUIRE(again.has_value());
    CHECK(again->public_key().raw() == key.public_key().raw());
    CHECK(again->public_key().kid() == key.public_key().kid());
    CHECK(key.public_key().kid().size() == 16);
    CHECK(key.public_key().verify("hello", again->sign("hello")));
    CHECK_FALSE(Ed25519PrivateKey::from_pem("nonsense").has_value());
    CHECK_FALSE(Ed25519PublicKey::from_raw("short").has_value());
}

TEST_CASE("comparison in constant time compares") {
    CHECK(constant_time_equal("abc", "abc"));
    CHECK_FALSE(constant_time_equal("abc", "abd"));
    CHECK_FALSE(constant_time_equal("abc", "ab"));
}
