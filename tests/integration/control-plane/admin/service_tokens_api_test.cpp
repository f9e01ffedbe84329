// Service accounts of an organisation and their tokens.

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string tokens = acme + "/tokens";

class ServiceTokens : public ApiFixture {
public:
    ServiceTokens() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }

    Reply make(const std::string& role, const std::string& more = "") {
        return post(tokens, owner, R"({"name":"deployments","role":")" + role + "\"" + more + "}");
    }
    Reply newest() { return get(acme + "/audit?limit=1", owner); }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(ServiceTokens, "a service account's token is shown once, and only its hash is stored") {
    const auto made = make("developer");
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto secret = made.at("/token");
    CHECK(parse_api_key(secret)->kind == "svc");
    CHECK(made.at("/prefix") == "fan_svc_" + made.at("/id"));
    CHECK(made.at("/scopes") == R"(["read","edit"])");
    CHECK(made.header("Location") == tokens + "/" + made.at("/id"));
    CHECK(get(made.header("Location"), owner).etag() == made.etag());
    CHECK(get(tokens, owner).body.find(secret) == std::string::npos);
    CHECK(newest().at("/items/0/entry/action") == "token.created");
    CHECK(newest().at("/items/0/entry/resource") == "tokens/" + made.at("/id"));
    CHECK(get(acme + "/audit?resource=tokens/" + made.at("/id"), owner).status == 200);
    CHECK(get(acme + "/audit", owner).body.find(secret) == std::string::npos);
    CHECK(sql("SELECT count(*) FROM fanion.service_tokens WHERE sha256 = '\\x" + to_hex(sha256(secret)) + "'") == "1");
}

TEST_CASE_METHOD(ServiceTokens, "a service account acts with its own role, and the audit log names it") {
    const auto made = make("developer");
    const auto secret = made.at("/token");
    const auto flags = acme + "/projects/web/flags";
    CHECK(post(flags, secret, R"({"key":"f","type":"boolean"})").status == 201);
    const auto entry = newest();
    CHECK(entry.at("/items/0/entry/actor_kind") == "service");
    CHECK(entry.at("/items/0/entry/actor_id") == made.at("/account_id"));
    CHECK(entry.at("/items/0/entry/credential_id") == made.at("/prefix"));
    CHECK(patch(flags + "/f/environments/development", secret, R"({"enabled":true})").status == 200);
    CHECK(get(acme + "/keys", secret).status == 403);
    CHECK(newest().at("/items/0/entry/action") == "request.refused");
    CHECK(newest().at("/items/0/entry/actor_id") == made.at("/account_id"));
    const auto me = get("/api/v1/auth/me", secret);
    CHECK(me.at("/service_account/id") == made.at("/account_id"));
    CHECK(me.at("/service_account/name") == "deployments");
    CHECK(me.at("/orgs/0/key") == "acme");
    CHECK(me.at("/user").empty());
    CHECK(get("/api/v1/orgs", secret).at("/items/0/role") == "developer");
}

TEST_CASE_METHOD(ServiceTokens, "scopes narrow what the role may do") {
    const auto secret = make("admin", R"(,"scopes":["read"])").at("/token");
    CHECK(get(acme + "/projects", secret).status == 200);
    CHECK(post(acme + "/projects", secret, R"({"key":"shop"})").status == 403);
    CHECK(post(acme + "/projects", make("admin").at("/token"), R"({"key":"shop"})").status == 201);
}

TEST_CASE_METHOD(ServiceTokens, "an account has at most the role of whoever makes, replaces or ends it") {
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    const auto refused = post(tokens, admin, R"({"name":"n","role":"owner"})");
    CHECK(refused.status == 403);
    CHECK(refused.errors() == std::vector<std::string>{" above_you"});
    const auto of_owner = make("owner");
    CHECK(post(of_owner.header("Location") + "/rotate", admin, "{}").status == 403);
    CHECK(del(of_owner.header("Location"), admin).status == 403);
    CHECK(post(tokens, admin, R"({"name":"n","role":"admin"})").status == 201);
    const auto account = make("admin").at("/token");
    CHECK(post(tokens, account, R"({"name":"n","role":"owner"})").status == 403);
    CHECK(post(tokens, account, R"({"name":"n","role":"admin"})").status == 201);
    CHECK(get(acme + "/tokens", add_member(owner, "acme", "dev@example.com", "maintainer")).status == 403);
}

TEST_CASE_METHOD(ServiceTokens, "an account stays when whoever made it leaves") {
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    const auto secret = post(tokens, admin, R"({"name":"n","role":"viewer"})").at("/token");
    const auto id = get("/api/v1/auth/me", admin).at("/user/id");
    REQUIRE(del(acme + "/members/" + id, owner).status == 204);
    CHECK(get(acme + "/projects", secret).status == 200);
}

TEST_CASE_METHOD(ServiceTokens, "what belongs to people is not for service accounts") {
    const auto secret = make("owner").at("/token");
    for (const auto* path :
         {"/api/v1/auth/tokens", "/api/v1/auth/logout", "/api/v1/orgs", "/api/v1/orgs/acme/members"}) {
        INFO(path);
        const auto refused = post(path, secret, R"({"key":"x"})");
        CHECK(refused.status == 403);
        CHECK(refused.errors() == std::vector<std::string>{" person_required"});
    }
    CHECK(get("/api/v1/auth/tokens", secret).status == 403);
}

TEST_CASE_METHOD(ServiceTokens, "a rotation keeps the account, and two of its tokens are valid at most") {
    const auto first = make("viewer");
    const auto second = post(first.header("Location") + "/rotate", owner, R"({"overlap_seconds":60})");
    INFO(second.body);
    REQUIRE(second.status == 201);
    CHECK(second.at("/account_id") == first.at("/account_id"));
    CHECK(second.at("/replaces") == first.at("/id"));
    CHECK(second.header("Location") == tokens + "/" + second.at("/id"));
    CHECK(newest().at("/items/0/entry/action") == "token.rotated");
    CHECK(newest().at("/items/0/entry/before/id") == first.at("/id"));
    CHECK(newest().at("/items/0/entry/after/id") == second.at("/id"));
    CHECK(get(acme + "/projects", first.at("/token")).status == 200);
    CHECK(get(acme + "/projects", second.at("/token")).status == 200);
    CHECK(post(first.header("Location") + "/rotate", owner, "{}").errors() ==
          std::vector<std::string>{" rotated_already"});
    const auto third = post(second.header("Location") + "/rotate", owner, R"({"overlap_seconds":0})");
    REQUIRE(third.status == 201);
    CHECK(get(acme + "/projects", first.at("/token")).status == 401);
    CHECK(get(acme + "/projects", second.at("/token")).status == 401);
    CHECK(get(acme + "/projects", third.at("/token")).status == 200);
    CHECK(post(second.header("Location") + "/rotate", owner, "{}").errors() == std::vector<std::string>{" not_live"});
    CHECK(post(third.header("Location") + "/rotate", owner, R"({"overlap_seconds":"1h"})").status == 400);
}

TEST_CASE_METHOD(ServiceTokens, "a revoked token is refused from the next request on; If-Match protects it") {
    const auto made = make("viewer");
    const auto place = made.header("Location");
    CHECK(del(place, owner, "\"0\"").status == 412);
    CHECK(get(acme + "/projects", made.at("/token")).status == 200);
    await_background();
    CHECK(get(place, owner).at("/last_used_at").ends_with(":00.000Z"));
    CHECK(del(place, owner, made.etag()).status == 204);
    CHECK(get(acme + "/projects", made.at("/token")).at("/detail") == "the token was revoked");
    CHECK(get(tokens, owner).at("/items/0/revoked_at") != "null");
    CHECK(del(place, owner).status == 204);
    CHECK(del(tokens + "/0123456789", owner).status == 404);
}

TEST_CASE_METHOD(ServiceTokens, "the log finds the entries of a person's tokens under the person") {
    const auto id = get("/api/v1/auth/me", owner).at("/user/id");
    const auto made = post("/api/v1/auth/tokens", owner, R"({"name":"n","scopes":["read"]})");
    const auto found = get(acme + "/audit?resource=members/" + id + "/tokens/" + made.at("/id"), owner);
    CHECK(found.at("/items/0/entry/action") == "token.created");
    CHECK(found.at("/items/0/entry/after/scopes") == R"(["read"])");
}
