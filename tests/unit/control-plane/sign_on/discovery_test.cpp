// What a provider says of itself, and when it is asked again.

#include "control-plane/sign_on/discovery.hpp"

#include <catch2/catch.hpp>

#include "control-plane/sign_on/id_token.hpp"
#include "control-plane/sign_on/kept.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::sign_on;

namespace {

const std::string issuer = "https://login.example.com/realms/one";

std::string metadata(const std::string& more = "") {
    return R"({"issuer":"https://login.example.com/realms/one","authorization_endpoint":"https://login.example.com/auth",)"
           R"("token_endpoint":"https://login.example.com/token","jwks_uri":"https://keys.example.com/jwks")" +
           more + '}';
}

}  // namespace

TEST_CASE("an issuer is https, or on this machine") {
    CHECK(is_issuer(issuer));
    CHECK(is_issuer("http://127.0.0.1:8080"));
    CHECK(is_issuer("http://localhost/realm"));
    CHECK(is_issuer("http://[::1]:1"));
    CHECK_FALSE(is_issuer("http://login.example.com"));
    CHECK_FALSE(is_issuer("http://127.0.0.1.evil.example"));
    CHECK_FALSE(is_issuer("http://localhost.evil.example"));
    CHECK_FALSE(is_issuer("http://localhost@evil.example"));
    CHECK_FALSE(is_issuer("https://user:pw@login.example.com"));
    CHECK_FALSE(is_issuer("https://login.example.com/?x=1"));
    CHECK_FALSE(is_issuer("https://login.example.com/#x"));
    CHECK_FALSE(is_issuer("ftp://login.example.com"));
    CHECK_FALSE(is_issuer(""));
    CHECK(metadata_url("https://a.example/") == "https://a.example/.well-known/openid-configuration");
    CHECK(metadata_url(issuer) == issuer + "/.well-known/openid-configuration");
}

TEST_CASE("the metadata is of the issuer that was asked, with addresses as safe as its own") {
    const auto found =
        parse_metadata(metadata(R"(,"authorization_response_iss_parameter_supported":true)"), issuer).value();
    CHECK(found.token_endpoint == "https://login.example.com/token");
    CHECK(found.sends_issuer);
    CHECK_FALSE(found.wants_secret_in_body);
    CHECK(parse_metadata(metadata(R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])"), issuer)
              .value()
              .wants_secret_in_body);
    CHECK_FALSE(parse_metadata(metadata(), "https://login.example.com/realms/two"));
    CHECK_FALSE(parse_metadata(metadata(R"(,"issuer":"https://evil.example")"), issuer));
    CHECK_FALSE(parse_metadata(metadata(R"(,"token_endpoint":"http://127.0.0.1/token")"), issuer));
    CHECK_FALSE(parse_metadata(metadata(R"(,"jwks_uri":null)"), issuer));
    CHECK_FALSE(parse_metadata(metadata(R"(,"jwks_uri":"file:///etc/passwd")"), issuer));
    CHECK_FALSE(parse_metadata("[]", issuer));
    CHECK_FALSE(parse_metadata("", issuer));
}

TEST_CASE("the answer with the tokens is read") {
    CHECK(parse_token_answer(R"({"id_token":"a.b.c","access_token":"t","token_type":"Bearer"})").value().access_token ==
          "t");
    CHECK_FALSE(parse_token_answer(R"({"id_token":7})"));
    CHECK_FALSE(parse_token_answer("nonsense"));
    // Refused as a token, not as an answer.
    CHECK(parse_token_answer(R"({"id_token":")" + std::string(id_token_bytes + 1, 'a') + "\"}"));
    CHECK(error_of_answer(R"({"error":"invalid_grant"})") == "invalid_grant");
    CHECK(error_of_answer(R"({"error":"<script>"})").empty());
    CHECK(error_of_answer("<html>").empty());
}

TEST_CASE("what was fetched is fresh for an hour, and used for a day while the provider is away") {
    Kept<int> kept;
    CHECK(kept.may_fetch(0));
    CHECK(kept.usable(0) == nullptr);
    kept.put(std::make_shared<const int>(7), 1'000'000);
    CHECK(kept.is_fresh(1'000'000 + fresh_for - 1));
    CHECK_FALSE(kept.is_fresh(1'000'000 + fresh_for));
    CHECK_FALSE(kept.may_fetch(1'000'000 + fetch_pause - 1));
    CHECK(kept.may_fetch(1'000'000 + fetch_pause));
    kept.failed_at = 1'000'000 + fresh_for;
    CHECK_FALSE(kept.may_fetch(1'000'000 + fresh_for + fetch_pause - 1));
    CHECK(kept.usable(1'000'000 + usable_for - 1) != nullptr);
    CHECK(kept.usable(1'000'000 + usable_for) == nullptr);
}
