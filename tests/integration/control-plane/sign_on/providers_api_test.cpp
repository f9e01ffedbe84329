// The identity providers of an organisation as a resource.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/sign_on/signing_on.hpp"

using namespace fanion;
using test::SigningOn;
using Texts = std::vector<std::string>;

namespace {

const std::string providers = "/api/v1/orgs/acme/identity-providers";

}  // namespace

TEST_CASE_METHOD(SigningOn, "a provider is made, changed and deleted, and each change is audited without the secret") {
    const auto made = add_provider();
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == providers + "/main");
    CHECK(made.etag() == "\"1\"");
    CHECK(made.at("/has_client_secret") == "true");
    CHECK(made.body.find("s3cret") == std::string::npos);
    CHECK(newest("action") == "identity_provider.created");
    CHECK(newest("resource") == "identity-providers/main");
    CHECK(add_provider().errors() == Texts{"/key taken"});
    CHECK(get(providers + "?limit=1", owner).at("/items/0/key") == "main");
    CHECK(send({.path = providers + "/main", .token = owner, .headers = {{"If-None-Match", made.etag()}}}).status ==
          304);
    CHECK(patch(providers + "/main", owner, R"({"name":"n"})", "\"9\"").status == 412);
    const auto changed = patch(providers + "/main", owner, R"({"name":"n"})", made.etag());
    CHECK(changed.etag() == "\"2\"");
    CHECK(changed.at("/has_client_secret") == "true");
    CHECK(change_provider("{}").etag() == "\"2\"");
    CHECK(newest("action") == "identity_provider.updated");
    CHECK(change_provider(R"({"issuer":"https://evil.example"})").errors() == Texts{"/client_secret missing"});
    CHECK(change_provider(R"({"issuer":"https://login.example.com","client_secret":null})").at("/has_client_secret") ==
          "false");
    CHECK(del(providers + "/main", owner).status == 204);
    CHECK(newest("action") == "identity_provider.deleted");
    CHECK(get(providers + "/main", owner).status == 404);
    CHECK(get("/api/v1/orgs/acme/audit?limit=50", owner).body.find("s3cret") == std::string::npos);
}

TEST_CASE_METHOD(SigningOn, "owners manage providers, and there are ten at most") {
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    CHECK(get(providers, admin).status == 403);
    CHECK(add_provider("", "acme", admin).status == 403);
    for (int i = 0; i < 10; ++i) {
        REQUIRE(post(providers, owner,
                     R"({"key":"p)" + std::to_string(i) + R"(","client_id":"c","issuer":"https://login.example.com"})")
                    .status == 201);
    }
    CHECK(add_provider().errors() == Texts{" limit"});
}
