#include "control-plane/identity/access_token.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::identity::AccessTokens;

namespace {

const cp::access::UserId user("u_1");
const cp::access::SessionId session("session");

constexpr UnixMillis issued_at = 1'763'720'000'500;

struct Keys {
    Ed25519PrivateKey key = Ed25519PrivateKey::generate();
    AccessTokens tokens{{key}, "fanion:1"};
};

// A token signed by `key` whatever it says.
std::string forge(const Ed25519PrivateKey& key, std::string_view header, std::string_view payload) {
    const auto text = to_base64url(header) + '.' + to_base64url(payload);
    return text + '.' + to_base64url(key.sign(text));
}

std::string header_of(const Ed25519PrivateKey& key) {
    return R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + key.public_key().kid() + "\"}";
}

std::string payload(std::string_view iss, std::string_view aud, std::int64_t issued, std::int64_t expires) {
    return R"({"iss":")" + std::string(iss) + R"(","aud":")" + std::string(aud) +
           R"(","sub":"u_1","sid":"f","jti":"j","iat":)" + std::to_string(issued) +
           ",\"exp\":" + std::to_string(expires) + "}";
}

}  // namespace

TEST_CASE("an issued token is accepted for ten minutes and names its person and sign-in") {
    const Keys keys;
    const auto issued = keys.tokens.issue(user, session, issued_at);
    const auto claims = keys.tokens.verify(issued.token, issued_at);
    REQUIRE(claims);
    CHECK(claims->user_id == user);
    CHECK(claims->session_id == session);
    CHECK(claims->id == issued.claims.id);
    CHECK(keys.tokens.verify(issued.token, issued_at + AccessTokens::lifetime - 1000));
    CHECK_FALSE(keys.tokens.verify(issued.token, issued_at + AccessTokens::lifetime));
    CHECK(keys.tokens.issue(user, session, issued_at).token != issued.token);
}

TEST_CASE("our tokens are told from those of others by how they begin") {
    const Keys keys;
    CHECK(AccessTokens::has_form(keys.tokens.issue(user, session, issued_at).token));
    for (const auto* other : {"", "eyJhbGciOiJFZERTQSJ9.e30.c2ln", "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln"})
        CHECK_FALSE(AccessTokens::has_form(other));
}

TEST_CASE("the header is the one RFC 9068 asks for, with EdDSA and our kid") {
    const Keys keys;
    const auto token = keys.tokens.issue(user, session, issued_at).token;
    const auto parts = split(token, '.');
    REQUIRE(parts.size() == 3);
    CHECK(from_base64url(parts[0]) == header_of(keys.key));
}

TEST_CASE("no other algorithm, type or header is accepted, though it be signed by our key") {
    const Keys keys;
    const auto good = payload("fanion:1", AccessTokens::audience, issued_at / 1000, issued_at / 1000 + 600);
    const auto kid = keys.key.public_key().kid();
    REQUIRE(keys.tokens.verify(forge(keys.key, header_of(keys.key), good), issued_at));
    const std::string headers[] = {
        R"({"alg":"none","typ":"at+jwt","kid":")" + kid + "\"}",
        R"({"alg":"HS256","typ":"at+jwt","kid":")" + kid + "\"}",
        R"({"alg":"eddsa","typ":"at+jwt","kid":")" + kid + "\"}",
        R"({"alg":"EdDSA","typ":"JWT","kid":")" + kid + "\"}",
        R"({"alg":"EdDSA","kid":")" + kid + "\"}",
        R"({"alg":"EdDSA","typ":"at+jwt"})",
        R"({"alg":"EdDSA","typ":"at+jwt","kid":"0000000000000000"})",
        R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + kid + R"(","crit":["x"],"x":1})",
        R"({"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":")" + kid + "\"}",
    };
    for (const auto& header : headers) {
        INFO(header);
        CHECK_FALSE(keys.tokens.verify(forge(keys.key, header, good), issued_at));
    }
}

TEST_CASE("an unsigned token, or one signed by a stranger, is refused") {
    const Keys keys;
    const Keys stranger;
    const auto good = payload("fanion:1", AccessTokens::audience, issued_at / 1000, issued_at / 1000 + 600);
    const auto text = to_base64url(header_of(keys.key)) + '.' + to_base64url(good);
    CHECK_FALSE(keys.tokens.verify(text + '.', issued_at));
    CHECK_FALSE(keys.tokens.verify(text, issued_at));
    CHECK_FALSE(keys.tokens.verify(forge(stranger.key, header_of(keys.key), good), issued_at));
    CHECK_FALSE(keys.tokens.verify(stranger.tokens.issue(user, session, issued_at).token, issued_at));
    for (const auto* nonsense : {"", ".", "..", "...", "a.b.c", "====.====.===="})
        CHECK_FALSE(keys.tokens.verify(nonsense, issued_at));
}

TEST_CASE("issuer, audience, times and required claims are checked") {
    const Keys keys;
    const auto seconds = issued_at / 1000;
    const std::string payloads[] = {
        payload("fanion:2", AccessTokens::audience, seconds, seconds + 600),
        payload("fanion:1", "fanion-relay", seconds, seconds + 600),
        payload("fanion:1", AccessTokens::audience, seconds - 700, seconds - 100),
        payload("fanion:1", AccessTokens::audience, seconds + 120, seconds + 700),  // from the future
        payload("fanion:1", AccessTokens::audience, seconds, seconds + 601),        // lives too long
        R"({"iss":"fanion:1","aud":"fanion-admin-api","sub":"u_1","sid":"f","iat":1763720000,"exp":1763720600})",
        R"({"iss":"fanion:1","aud":["fanion-admin-api"],"sub":"u_1","sid":"f","jti":"j","iat":1763720000,"exp":1763720600})",
        R"({"iss":"fanion:1","aud":"fanion-admin-api","sub":"","sid":"f","jti":"j","iat":1763720000,"exp":1763720600})",
        R"({"iss":"fanion:1","aud":"fanion-admin-api","sub":"u_1","sid":"f","jti":"j","iat":1763720000,"exp":"1763720600"})",
        "[]",
        "not json",
    };
    for (const auto& text : payloads) {
        INFO(text);
        CHECK_FALSE(keys.tokens.verify(forge(keys.key, header_of(keys.key), text), issued_at));
    }
}

TEST_CASE("a token with any character changed is refused") {
    const Keys keys;
    const auto token = keys.tokens.issue(user, session, issued_at).token;
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto flipped = token;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        INFO(i);
        CHECK_FALSE(keys.tokens.verify(flipped, issued_at));
    }
}

TEST_CASE("a key that is expected verifies before anything is signed with it, and for as long as a later one") {
    const Keys keys;
    AccessTokens tokens({keys.key}, "fanion:1");
    const auto fresh = Ed25519PrivateKey::generate();
    const auto elsewhere = AccessTokens({fresh}, "fanion:1").issue(user, session, issued_at).token;
    CHECK_FALSE(tokens.verify(elsewhere, issued_at));
    tokens.expect(fresh);
    CHECK(tokens.verify(elsewhere, issued_at));
    CHECK(keys.tokens.verify(tokens.issue(user, session, issued_at).token, issued_at));  // the old one signs
    CHECK(tokens.rotate(fresh, issued_at));
    CHECK(AccessTokens({fresh}, "fanion:1").verify(tokens.issue(user, session, issued_at).token, issued_at));
    tokens.expect(keys.key);  // back again, which it had been given until then
    const auto later = issued_at + 2 * AccessTokens::lifetime;
    CHECK(tokens.verify(keys.tokens.issue(user, session, later).token, later));
}

TEST_CASE("a key that is changed signs at once, and what the old one signed holds until it expires, not longer") {
    const Keys keys;
    AccessTokens tokens({keys.key}, "fanion:1");
    const auto before = tokens.issue(user, session, issued_at).token;
    const auto fresh = Ed25519PrivateKey::generate();
    tokens.rotate(fresh, issued_at);
    CHECK(tokens.verify(before, issued_at + AccessTokens::lifetime / 2));
    const auto later = issued_at + 2 * AccessTokens::lifetime;
    CHECK_FALSE(tokens.verify(keys.tokens.issue(user, session, later).token, later));
    CHECK(tokens.verify(AccessTokens({fresh}, "fanion:1").issue(user, session, issued_at).token, issued_at));
    CHECK(AccessTokens({fresh}, "fanion:1").verify(tokens.issue(user, session, issued_at).token, issued_at));
    tokens.rotate(fresh, issued_at);  // the same again changes nothing
    CHECK(tokens.verify(before, issued_at));
    tokens.rotate(keys.key, issued_at);  // and back
    CHECK(keys.tokens.verify(tokens.issue(user, session, issued_at).token, issued_at));
    CHECK(tokens.verify(keys.tokens.issue(user, session, later).token, later));
}

TEST_CASE("after a rotation the old key still verifies and the new one signs") {
    const Keys old;
    const auto fresh = Ed25519PrivateKey::generate();
    const AccessTokens rotated({fresh, old.key}, "fanion:1");
    CHECK(rotated.verify(old.tokens.issue(user, session, issued_at).token, issued_at));
    CHECK_FALSE(old.tokens.verify(rotated.issue(user, session, issued_at).token, issued_at));
}
