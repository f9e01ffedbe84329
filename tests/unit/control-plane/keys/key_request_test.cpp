#include "control-plane/keys/key_request.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

Result<cp::keys::KeyRequest> read(const char* text, bool is_of_environment = true) {
    json::Document document;
    REQUIRE(document.parse(text));
    return cp::keys::read_key_request(document.root(), is_of_environment, now);
}

std::string refused(const char* text, bool is_of_environment = true) {
    const auto result = read(text, is_of_environment);
    REQUIRE_FALSE(result);
    REQUIRE(result.error().findings.size() == 1);
    return result.error().findings[0].pointer + ' ' + result.error().findings[0].code;
}

}  // namespace

TEST_CASE("a key expires in a year unless told otherwise, and never only when asked with null") {
    CHECK(read(R"({"kind":"server"})")->expires_at == now + cp::keys::key_lifetime);
    CHECK_FALSE(read(R"({"kind":"server","expires_at":null})")->expires_at);
    CHECK(read(R"({"kind":"server","expires_at":"2030-01-01T00:00:00Z"})")->expires_at == 1'893'456'000'000);
    CHECK(refused(R"({"kind":"server","expires_at":"2020-01-01T00:00:00Z"})") == "/expires_at in_the_past");
    CHECK(refused(R"({"kind":"server","expires_at":"soon"})") == "/expires_at bad_time");
}

TEST_CASE("a key is valid for some time before it expires") {
    CHECK(read(R"({"kind":"server","not_before":"2029-01-01T00:00:00Z","expires_at":"2030-01-01T00:00:00Z"})"));
    CHECK(read(R"({"kind":"server","not_before":"2030-01-01T00:00:00Z","expires_at":null})"));
    CHECK(refused(R"({"kind":"server","not_before":"2030-01-01T00:00:00Z"})") == "/not_before after_expiry");
    CHECK(refused(R"({"kind":"server","not_before":"2030-01-01T00:00:00Z","expires_at":"2030-01-01T00:00:00Z"})") ==
          "/not_before after_expiry");
}

TEST_CASE("only relay keys stand above an environment") {
    CHECK(read(R"({"kind":"relay"})", false));
    CHECK(refused(R"({"kind":"server"})", false) == "/kind wrong_place");
    CHECK(refused(R"({"kind":"client"})", false) == "/kind wrong_place");
}

TEST_CASE("origins belong to client keys and are what browsers send") {
    CHECK(read(R"({"kind":"client","origins":["*","https://a.example","http://localhost:3000"]})"));
    CHECK(refused(R"({"kind":"server","origins":["https://a.example"]})") == "/origins wrong_kind");
    for (const auto* bad : {"a.example", "https://", "https://a.example/", "https://a b", "://x", ""}) {
        INFO(bad);
        CHECK(refused((std::string(R"({"kind":"client","origins":[")") + bad + "\"]}").c_str()) ==
              "/origins bad_origin");
    }
}

TEST_CASE("rules are asked for, and belong to client keys") {
    CHECK(read(R"({"kind":"client","rules":true})")->rules);
    CHECK_FALSE(read(R"({"kind":"client"})")->rules);
    CHECK(refused(R"({"kind":"server","rules":true})") == "/rules wrong_kind");
    CHECK(refused(R"({"kind":"client","rules":"yes"})") == "/rules wrong_type");
}

TEST_CASE("a client key without origins is warned about, because browsers refuse it") {
    const auto warned = cp::keys::warnings_about(*read(R"({"kind":"client"})"));
    REQUIRE(warned.size() == 1);
    CHECK(warned[0].pointer == "/origins");
    CHECK(warned[0].code == "no_origins");
    CHECK(warned[0].detail.find("browsers") != std::string::npos);
    CHECK(cp::keys::warnings_about(*read(R"({"kind":"client","origins":["*"]})")).empty());
    CHECK(cp::keys::warnings_about(*read(R"({"kind":"server"})")).empty());
    CHECK(cp::keys::warnings_about(*read(R"({"kind":"relay"})")).empty());
}

TEST_CASE("what a key request does not know is refused by name") {
    CHECK(refused(R"({"kind":"server","secret":"x"})") == "/secret unknown_field");
    CHECK(refused(R"({"kind":"pat"})") == "/kind unknown_kind");
    CHECK(refused(R"({})") == "/kind missing");
}
