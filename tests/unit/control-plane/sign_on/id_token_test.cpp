// ID tokens: what is taken, and each way of forging one.

#include "control-plane/sign_on/id_token.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

#include "tests/support/signing_key.hpp"

using namespace fanion;
using namespace fanion::cp::sign_on;
using test::SigningKey;

namespace {

constexpr UnixMillis now = 1'780'000'000'000;

const ExpectedToken expected{"https://login.example.com", "fanion", "n-1", "", "groups", now};

const SigningKey& rsa() {
    static const SigningKey key("r1");
    return key;
}
const SigningKey& ec() {
    static const SigningKey key("e1", SigningKey::Type::ec);
    return key;
}
const SigningKey& ed() {
    static const SigningKey key("d1", SigningKey::Type::ed25519);
    return key;
}

std::string set_of(const std::string& keys) { return "{\"keys\":[" + keys + "]}"; }

const std::vector<JsonWebKey>& keys() {
    static const auto set =
        parse_key_set(set_of(rsa().jwk() + ',' + ec().jwk(R"(,"use":"sig","alg":"ES256")") + ',' + ed().jwk())).value();
    return set;
}

// The claims of a good token, without `left_out`, and with `more` at the end, where it wins.
std::string claims(const std::string& more = "") {
    return R"({"iss":"https://login.example.com","sub":"248289","aud":"fanion","nonce":"n-1","exp":1780000300,)"
           R"("iat":1779999990,"email":"Ada@Example.com","email_verified":true,"name":"Ada","groups":["dev","ops"])" +
           more + '}';
}

std::string outcome(const std::string& token, const ExpectedToken& wanted = expected,
                    const std::vector<JsonWebKey>& set = keys()) {
    const auto parts = split_token(token);
    if (!parts) return parts.error().findings.at(0).code;
    const auto person = verify_token(set, *parts, wanted);
    return person ? "ok" : person.error().findings.at(0).code;
}

std::string outcome_of(const std::string& more) { return outcome(rsa().token(claims(more))); }

}  // namespace

TEST_CASE("a token by each algorithm says who the person is") {
    CHECK(outcome(ec().token(claims())) == "ok");
    CHECK(outcome(ed().token(claims())) == "ok");
    CHECK(outcome(rsa().token_with(rsa().header("PS256"), claims(), true)) == "ok");
    const auto person = verify_token(keys(), split_token(rsa().token(claims())).value(), expected).value();
    CHECK(person.subject == "248289");
    CHECK(person.email == "Ada@Example.com");
    CHECK(person.is_email_verified);
    CHECK(person.name == "Ada");
    CHECK(person.groups == std::vector<std::string>{"dev", "ops"});
}

TEST_CASE("a token that is not signed, or signed with what everybody knows, is refused") {
    const auto unsigned_token = to_base64url(R"({"alg":"none"})") + '.' + to_base64url(claims()) + '.';
    CHECK(outcome(unsigned_token) == "bad_algorithm");
    for (const auto* none : {"None", "NONE", "nOnE", ""}) {
        CHECK(outcome(rsa().token_with(rsa().header(none), claims())) == "bad_algorithm");
    }
    const auto message = to_base64url(rsa().header("HS256")) + '.' + to_base64url(claims());
    CHECK(outcome(message + '.' + to_base64url(hmac_sha256(rsa().modulus(), message))) == "bad_algorithm");
    CHECK(outcome(rsa().token_with(R"({"kid":"r1"})", claims())) == "bad_algorithm");
    CHECK(outcome(rsa().token_with(R"({"alg":7,"kid":"r1"})", claims())) == "bad_algorithm");
    CHECK(outcome(rsa().token_with(R"({"alg":"RS256","kid":"r1","crit":["b64"],"b64":false})", claims())) ==
          "malformed");
}

TEST_CASE("a key verifies its own algorithms only") {
    CHECK(outcome(rsa().token_with(R"({"alg":"ES256","kid":"r1"})", claims())) == "unknown_key");
    CHECK(outcome(ec().token_with(R"({"alg":"RS256","kid":"e1"})", claims())) == "unknown_key");
    CHECK(outcome(ed().token_with(R"({"alg":"ES256","kid":"d1"})", claims())) == "unknown_key");
    CHECK(outcome(rsa().token_with(rsa().header("PS256"), claims())) == "bad_signature");
    CHECK(outcome(rsa().token_with(rsa().header("RS256"), claims(), true)) == "bad_signature");
    const auto only = parse_key_set(set_of(rsa().jwk(R"(,"alg":"PS256")"))).value();
    CHECK(outcome(rsa().token(claims()), expected, only) == "unknown_key");
}

TEST_CASE("a signature of another key, or of other claims, is refused") {
    const SigningKey other("r1");
    CHECK(outcome(other.token(claims())) == "bad_signature");
    CHECK(outcome(SigningKey("unknown").token(claims())) == "unknown_key");
    auto token = rsa().token(claims());
    const auto signature = token.substr(token.rfind('.'));
    CHECK(outcome(to_base64url(rsa().header("RS256")) + '.' + to_base64url(claims(R"(,"sub":"1")")) + signature) ==
          "bad_signature");
    CHECK(outcome(token.substr(0, token.rfind('.') + 1)) == "bad_signature");
    token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
    CHECK(outcome(token) == "bad_signature");
    const auto longer = ec().token(claims());
    CHECK(outcome(longer + "AAAA") == "bad_signature");
}

TEST_CASE("a token without kid is of the only key that suits") {
    CHECK(outcome(ec().token_with(R"({"alg":"ES256"})", claims())) == "ok");
    const SigningKey second("e2", SigningKey::Type::ec);
    const auto two = parse_key_set(set_of(ec().jwk() + ',' + second.jwk())).value();
    CHECK(outcome(ec().token_with(R"({"alg":"ES256"})", claims()), expected, two) == "unknown_key");
    CHECK(lacks_key(keys(), split_token(SigningKey("new").token(claims())).value()));
    CHECK_FALSE(lacks_key(keys(), split_token(rsa().token(claims())).value()));
}

TEST_CASE("a token of another issuer, for another client or of another sign-in is refused") {
    CHECK(outcome_of(R"(,"iss":"https://evil.example")") == "wrong_issuer");
    CHECK(outcome_of(R"(,"iss":"https://login.example.com/")") == "wrong_issuer");
    CHECK(outcome_of(R"(,"iss":null)") == "wrong_issuer");
    CHECK(outcome_of(R"(,"aud":"other")") == "wrong_audience");
    CHECK(outcome_of(R"(,"aud":[])") == "wrong_audience");
    CHECK(outcome_of(R"(,"aud":{"fanion":true})") == "wrong_audience");
    CHECK(outcome_of(R"(,"aud":["fanion"])") == "ok");
    CHECK(outcome_of(R"(,"aud":["fanion","other"])") == "wrong_party");
    CHECK(outcome_of(R"(,"aud":["fanion","other"],"azp":"fanion")") == "ok");
    CHECK(outcome_of(R"(,"azp":"other")") == "wrong_party");
    CHECK(outcome_of(R"(,"azp":["fanion"])") == "wrong_party");
    CHECK(outcome_of(R"(,"nonce":"n-2")") == "wrong_nonce");
    CHECK(outcome_of(R"(,"nonce":null)") == "wrong_nonce");
    auto without = expected;
    without.nonce = "";
    CHECK(outcome(rsa().token(claims(R"(,"nonce":"")")), without) == "wrong_nonce");
}

TEST_CASE("a token is valid now, with a minute for clocks that differ") {
    CHECK(outcome_of(R"(,"exp":1779999941)") == "ok");
    CHECK(outcome_of(R"(,"exp":1779999940)") == "expired");
    CHECK(outcome_of(R"(,"exp":"1780000300")") == "malformed");
    CHECK(outcome_of(R"(,"exp":-1)") == "malformed");
    CHECK(outcome_of(R"(,"exp":1e300)") == "malformed");
    CHECK(outcome_of(R"(,"iat":1780000060)") == "ok");
    CHECK(outcome_of(R"(,"iat":1780000061)") == "not_yet_valid");
    CHECK(outcome_of(R"(,"iat":1779999340)") == "ok");
    CHECK(outcome_of(R"(,"iat":1779999339)") == "too_old");
    CHECK(outcome_of(R"(,"iat":null)") == "malformed");
    CHECK(outcome_of(R"(,"nbf":1780000061)") == "not_yet_valid");
    CHECK(outcome_of(R"(,"nbf":"x")") == "malformed");
}

TEST_CASE("a token belongs to the access token that came with it") {
    auto with = expected;
    with.access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";  // Core 1.0, appendix A.3
    CHECK(outcome(rsa().token(claims(R"(,"at_hash":"77QmUPtjPfzWtF2AnpK9RQ")")), with) == "ok");
    CHECK(outcome(rsa().token(claims(R"(,"at_hash":"77QmUPtjPfzWtF2AnpK9RA")")), with) == "wrong_access_token");
    CHECK(outcome(rsa().token(claims(R"(,"at_hash":null)")), with) == "wrong_access_token");
    CHECK(outcome(rsa().token(claims()), with) == "ok");
}

TEST_CASE("what a token says of a person is checked") {
    CHECK(outcome_of(R"(,"sub":"")") == "malformed");
    CHECK(outcome_of(R"(,"sub":7)") == "malformed");
    CHECK(outcome_of(R"(,"sub":")" + std::string(256, 'x') + '"') == "malformed");
    CHECK(outcome_of(R"(,"sub":"a\u0000b")") == "malformed");
    const auto read = [](const std::string& more) {
        return verify_token(keys(), split_token(rsa().token(claims(more))).value(), expected).value();
    };
    CHECK(read(R"(,"email_verified":"true")").is_email_verified);
    CHECK_FALSE(read(R"(,"email_verified":1)").is_email_verified);
    CHECK_FALSE(read(R"(,"email_verified":false)").is_email_verified);
    CHECK(read(R"(,"email":["a@example.com"])").email.empty());
    CHECK(read(R"(,"groups":"dev")").groups == std::vector<std::string>{"dev"});
    CHECK(read(R"(,"groups":["dev",7,null,"","a\u0000"])").groups == std::vector<std::string>{"dev"});
    CHECK(read(R"(,"groups":null)").groups.empty());
    std::string many = "\"g\"";
    for (int i = 0; i < 1000; ++i) many += ",\"g\"";
    CHECK(outcome_of(",\"groups\":[" + many + "]") == "too_many_groups");
}

TEST_CASE("what is no token is refused") {
    for (const std::string text : {"", ".", "..", "...", "a.b", "a.b.c.d", "{}.{}.x", "e30.e30.", "bnVsbA.e30.AAAA"}) {
        CHECK(outcome(text) != "ok");
    }
    CHECK(outcome(rsa().token("[]")) == "malformed");
    CHECK(outcome(rsa().token("not json")) == "malformed");
    CHECK(outcome(rsa().token(claims(",\"x\":" + std::string(20, '[') + std::string(20, ']')))) == "malformed");
    CHECK(outcome(rsa().token(claims(",\"x\":\"" + std::string(70'000, 'x') + '"'))) == "malformed");
}
