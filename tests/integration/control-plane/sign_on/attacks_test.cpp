// What must not sign anybody in.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/sign_on/signing_on.hpp"

using namespace fanion;
using test::SigningOn;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(SigningOn, "an answer is for the browser that has begun, and is used once") {
    REQUIRE(add_provider().status == 201);
    const auto begun = begin();
    const auto code = provider.sign_in(begun.asked, "s-1", "ada@example.com");
    const auto other = begin();
    CHECK(come_back("", "code=" + code + "&state=" + begun.asked.at("state")).errors() == Texts{" no_sign_on"});
    CHECK(come_back(other.cookie, "code=" + code + "&state=" + begun.asked.at("state")).errors() ==
          Texts{" wrong_state"});
    CHECK(come_back(begun.cookie, "code=" + code + "&state=").errors() == Texts{" wrong_state"});
    CHECK(come_back(begun.cookie, "code=" + code).errors() == Texts{" wrong_state"});
    CHECK(come_back(begun.cookie, "state=" + begun.asked.at("state")).errors() == Texts{" malformed"});
    REQUIRE(come_back(begun, code).status == 303);
    CHECK(come_back(begun, code).errors() == Texts{" provider_refused"});
    CHECK(come_back(begun, provider.sign_in(begun.asked, "s-1", "ada@example.com")).errors() == Texts{" used"});
    const auto late = begin();
    const auto late_code = provider.sign_in(late.asked, "s-1", "ada@example.com");
    clock.advance(10LL * 60 * 1000);
    CHECK(come_back(late, late_code).errors() == Texts{" no_sign_on"});
}

TEST_CASE_METHOD(SigningOn, "the code of another sign-in or another provider does not count") {
    REQUIRE(add_provider().status == 201);
    const auto begun = begin();
    const auto victim = begin();
    const auto foreign = provider.sign_in(begun.asked, "s-1", "ada@example.com");
    CHECK(come_back(victim, foreign).errors() == Texts{" provider_refused"});  // PKCE
    const auto state = "&state=" + victim.asked.at("state");
    const auto code = provider.sign_in(victim.asked, "s-1", "ada@example.com");
    CHECK(come_back(victim.cookie, "code=" + code + state + "&iss=https://evil.example").errors() ==
          Texts{" wrong_issuer"});
    CHECK(come_back(victim.cookie, "error=access_denied" + state).errors() == Texts{" provider_refused"});
    CHECK(come_back(victim.cookie, "code=" + code + state + "&session_state=x&scope=openid").status == 303);
}

TEST_CASE_METHOD(SigningOn, "a provider that says it names itself with the code has to") {
    provider.add_metadata(R"(,"authorization_response_iss_parameter_supported":true)");
    REQUIRE(add_provider().status == 201);
    const auto begun = begin();
    const auto code = provider.sign_in(begun.asked, "s-1", "ada@example.com");
    CHECK(come_back(begun, code).errors() == Texts{" wrong_issuer"});
    CHECK(come_back(begun.cookie,
                    "code=" + code + "&state=" + begun.asked.at("state") + "&iss=" + percent_encode(provider.issuer()))
              .status == 303);
}

TEST_CASE_METHOD(SigningOn, "a token that is forged, or of another sign-in, signs nobody in") {
    REQUIRE(add_provider().status == 201);
    CHECK(sign_on("s-1", "ada@example.com", R"(,"nonce":"other")").errors() == Texts{" wrong_nonce"});
    CHECK(sign_on("s-1", "ada@example.com", R"(,"aud":"other")").errors() == Texts{" wrong_audience"});
    CHECK(sign_on("s-1", "ada@example.com", R"(,"iss":"https://evil.example")").errors() == Texts{" wrong_issuer"});
    CHECK(sign_on("s-1", "ada@example.com", R"(,"exp":1)").errors() == Texts{" expired"});
    provider.answer_with_token(test::SigningKey("k1").token("{}"));
    CHECK(sign_on().errors() == Texts{" bad_signature"});
    provider.answer_with_token("eyJhbGciOiJub25lIn0.e30.");
    CHECK(sign_on().errors() == Texts{" bad_algorithm"});
    provider.answer_with_token(std::string(100'000, 'a'));
    CHECK(sign_on().errors() == Texts{" malformed"});
    CHECK(sql("SELECT count(*) FROM fanion.sign_on_identities") == "0");
    CHECK(sql("SELECT count(*) FROM fanion.used_sign_ons") == "0");
}

TEST_CASE_METHOD(SigningOn, "a browser is not sent to other sites") {
    REQUIRE(add_provider().status == 201);
    for (const auto* path : {"https://evil.example", "//evil.example", "/%5Cevil.example", "/a%0d%0ab"}) {
        CHECK(begin(std::string("?return_to=") + path).reply.errors() == Texts{"?return_to malformed"});
    }
}

TEST_CASE_METHOD(SigningOn, "what does not exist, or is disabled, is not found") {
    REQUIRE(add_provider().status == 201);
    CHECK(begin("", "acme", "other").reply.status == 404);
    CHECK(begin("", "nobody").reply.status == 404);
    const auto begun = begin();
    const auto code = provider.sign_in(begun.asked, "s-1", "ada@example.com");
    REQUIRE(change_provider(R"({"enabled":false})").status == 200);
    CHECK(begin().reply.status == 404);
    CHECK(come_back(begun, code).status == 404);
}

TEST_CASE_METHOD(SigningOn, "an address of this network is not asked") {
    const std::string inner = R"({"key":"inner","client_id":"c","issuer":"https://10.0.0.1"})";
    REQUIRE(add_provider().status == 201);
    const auto refused = post("/api/v1/orgs/acme/identity-providers", owner, inner);
    CHECK(refused.status == 422);
    CHECK(refused.errors() == Texts{"/issuer private_address"});
    CHECK(change_provider(R"({"issuer":"https://localhost.","client_secret":null})").status == 200);  // 127/8 is opened
    CHECK(change_provider(R"({"issuer":"https://[::ffff:10.0.0.1]","client_secret":null})").errors() ==
          Texts{"/issuer private_address"});
    addresses = cp::webhooks::AddressPolicy::make({"10.0.0.0/8"}).value();  // until it is closed again
    REQUIRE(post("/api/v1/orgs/acme/identity-providers", owner, inner).status == 201);
    const auto reply = begin("", "acme", "inner").reply;
    CHECK(reply.status == 503);
    CHECK(reply.body.find("10.0.0.1") == std::string::npos);
}
