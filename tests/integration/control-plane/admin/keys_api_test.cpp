// Keys of applications and relays.

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;

namespace {

const std::string acme = "/api/v1/orgs/acme";
const std::string web = acme + "/projects/web";
const std::string development = web + "/environments/development";

class Keys : public ApiFixture {
public:
    Keys() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Keys, "a key is shown once, and only its hash is published") {
    const auto made = post(development + "/keys", owner,
                           R"({"kind":"client","name":"shop","origins":["https://shop.example"],"expires_at":null})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto secret = made.at("/key");
    REQUIRE(parse_api_key(secret));
    CHECK(parse_api_key(secret)->kind == "cli");
    CHECK(parse_api_key(secret)->id == made.at("/id"));
    const auto list = get(development + "/keys", owner);
    CHECK(list.at("/items/0/id") == made.at("/id"));
    CHECK(list.at("/items/0/key").empty());
    CHECK(list.at("/items/0/expires_at") == "null");
    const auto ruleset = get(development + "/ruleset", owner).body;
    CHECK(ruleset.find(secret) == std::string::npos);
    CHECK(ruleset.find("access/" + made.at("/id") + "\t{\"id\":\"" + made.at("/id") +
                       "\",\"kind\":\"client\",\"sha256\":\"" + to_hex(sha256(secret))) != std::string::npos);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto withheld = get(development + "/ruleset", viewer);
    CHECK(withheld.body.find(to_hex(sha256(secret))) == std::string::npos);
    CHECK(withheld.body.find("access/" + made.at("/id") + "\t#") != std::string::npos);
    CHECK(withheld.etag() != get(development + "/ruleset", owner).etag());
    CHECK(get(acme + "/audit", owner).body.find(secret) == std::string::npos);
    CHECK(sql("SELECT count(*) FROM fanion.api_keys WHERE sha256 = '\\x" + to_hex(sha256(secret)) + "'") == "1");
}

TEST_CASE_METHOD(Keys, "a revoked key is removed from the ruleset immediately and stays in the list") {
    const auto made = post(development + "/keys", owner, R"({"kind":"server"})");
    const auto place = development + "/keys/" + made.at("/id");
    CHECK(made.header("Location") == place);
    const auto revoked = del(place, owner);
    CHECK(revoked.status == 204);
    CHECK(revoked.header("Fanion-Ruleset-Version").starts_with("development="));
    CHECK(get(development + "/ruleset", owner).body.find("access/") == std::string::npos);
    CHECK(get(development + "/keys", owner).at("/items/0/revoked_at") != "null");
    CHECK(del(place, owner).status == 204);  // the second time has no effect
    CHECK(del(development + "/keys/0123456789", owner).status == 404);
    CHECK(del(web + "/keys/" + made.at("/id"), owner).status == 404);  // not one of the project's own
}

TEST_CASE_METHOD(Keys, "a key has a tag that its use does not change; If-Match protects its revocation") {
    for (const auto& keys : {development + "/keys", web + "/keys", acme + "/keys"}) {
        INFO(keys);
        const auto made = post(keys, owner, R"({"kind":"relay","name":"eu"})");
        const auto place = made.header("Location");
        const auto seen = get(place, owner);
        CHECK(seen.status == 200);
        CHECK(seen.at("/name") == "eu");
        CHECK(seen.at("/key").empty());
        CHECK_FALSE(seen.etag().empty());
        CHECK(made.etag() == seen.etag());
        sql("UPDATE fanion.api_keys SET last_used_at = '2026-01-02T03:04:05Z'");
        const auto used = send({net::Method::get, place, owner, "", {{"If-None-Match", seen.etag()}}});
        CHECK(used.status == 200);
        CHECK(used.at("/last_used_at") == "2026-01-02T03:04:05.000Z");
        CHECK(used.etag() == seen.etag());
        const auto stale = del(place, owner, "\"0\"");
        CHECK(stale.status == 412);
        CHECK(stale.at("/revoked_at") == "null");
        CHECK(stale.etag() == seen.etag());
        CHECK(del(place, owner, seen.etag()).status == 204);
        CHECK(get(place, owner).etag() != seen.etag());
        CHECK(del(place, owner, seen.etag()).status == 412);
        CHECK(get(keys + "/0123456789", owner).status == 404);
    }
}

TEST_CASE_METHOD(Keys, "the list says when a key was last used") {
    REQUIRE(post(acme + "/keys", owner, R"({"kind":"relay"})").status == 201);
    CHECK(get(acme + "/keys", owner).at("/items/0/last_used_at") == "null");
    sql("UPDATE fanion.api_keys SET last_used_at = '2026-01-02T03:04:05Z'");
    CHECK(get(acme + "/keys", owner).at("/items/0/last_used_at") == "2026-01-02T03:04:05.000Z");
}

TEST_CASE_METHOD(Keys, "projects and organisations have relay keys, which are not in any ruleset") {
    const auto of_org = post(acme + "/keys", owner, R"({"kind":"relay","name":"all"})");
    const auto of_project = post(web + "/keys", owner, R"({"kind":"relay"})");
    REQUIRE(of_org.status == 201);
    REQUIRE(of_project.status == 201);
    CHECK(of_org.header("Fanion-Ruleset-Version").empty());
    CHECK(get(development + "/ruleset", owner).body.find("access/") == std::string::npos);
    CHECK(get(acme + "/keys", owner).at("/items/0/id") == of_org.at("/id"));
    CHECK(get(acme + "/keys", owner).at("/items/1").empty());
    CHECK(get(web + "/keys", owner).at("/items/0/id") == of_project.at("/id"));
    CHECK(post(acme + "/keys", owner, R"({"kind":"server"})").errors() ==
          std::vector<std::string>{"/kind wrong_place"});
    CHECK(del(acme + "/keys/" + of_org.at("/id"), owner).status == 204);
}
