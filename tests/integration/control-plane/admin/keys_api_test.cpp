// Keys of applications and relays.

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::development;
using test::web;

namespace {

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

TEST_CASE_METHOD(Keys, "a rotated key has the same place and form, and the old one stays valid for the overlap") {
    for (const auto& keys : {development + "/keys", web + "/keys", acme + "/keys"}) {
        INFO(keys);
        const auto first = post(keys, owner, R"({"kind":"relay","name":"eu"})");
        const auto second = post(first.header("Location") + "/rotate", owner, R"({"overlap_seconds":60})");
        INFO(second.body);
        REQUIRE(second.status == 201);
        CHECK(second.header("Location") == keys + "/" + second.at("/id"));
        CHECK(second.at("/replaces") == first.at("/id"));
        CHECK(second.at("/kind") == "relay");
        CHECK(second.at("/name") == "eu");
        CHECK(parse_api_key(second.at("/key"))->id == second.at("/id"));
        CHECK(get(second.header("Location"), owner).etag() == second.etag());
        CHECK(get(first.header("Location"), owner).at("/expires_at") < second.at("/expires_at"));
        const auto entry = get(acme + "/audit?limit=1", owner);
        CHECK(entry.at("/items/0/entry/action") == "key.rotated");
        CHECK("/api/v1/orgs/acme/" + entry.at("/items/0/entry/resource") == second.header("Location"));
        CHECK(entry.body.find(second.at("/key")) == std::string::npos);
        CHECK(post(first.header("Location") + "/rotate", owner, "{}").errors() ==
              std::vector<std::string>{" rotated_already"});
        const auto third = post(second.header("Location") + "/rotate", owner, "{}");
        REQUIRE(third.status == 201);
        CHECK(get(first.header("Location"), owner).at("/revoked_at") != "null");
        CHECK(post(first.header("Location") + "/rotate", owner, "{}").errors() ==
              std::vector<std::string>{" not_live"});
        CHECK(post(third.header("Location") + "/rotate", owner, R"({"overlap":1})").errors() ==
              std::vector<std::string>{"/overlap unknown_field"});
        CHECK(post(keys + "/0123456789/rotate", owner, "{}").status == 404);
    }
}

TEST_CASE_METHOD(Keys, "the ruleset has both keys of a rotation, the old one with its end, and never three") {
    const auto made =
        post(development + "/keys", owner, R"({"kind":"client","origins":["https://shop.example"],"expires_at":null})");
    const auto second = post(made.header("Location") + "/rotate", owner, R"({"overlap_seconds":60})");
    CHECK(second.header("Fanion-Ruleset-Version").starts_with("development="));
    CHECK(second.at("/origins") == R"(["https://shop.example"])");
    CHECK(second.at("/expires_at") == "null");
    auto ruleset = get(development + "/ruleset", owner).body;
    const auto line_of = [&](const std::string& id) {
        const auto at = ruleset.find("access/" + id + "\t");
        return at == std::string::npos ? std::string() : ruleset.substr(at, ruleset.find('\n', at) - at);
    };
    CHECK(line_of(made.at("/id")).find(to_hex(sha256(made.at("/key")))) != std::string::npos);
    CHECK(line_of(made.at("/id")).find("not_after") != std::string::npos);
    CHECK(line_of(second.at("/id")).find(to_hex(sha256(second.at("/key")))) != std::string::npos);
    CHECK(line_of(second.at("/id")).find("not_after\":1") == std::string::npos);
    REQUIRE(post(second.header("Location") + "/rotate", owner, "{}").status == 201);
    ruleset = get(development + "/ruleset", owner).body;
    CHECK(line_of(made.at("/id")).empty());
    CHECK_FALSE(line_of(second.at("/id")).empty());
}

TEST_CASE_METHOD(Keys, "a service account's key names it, and nobody without the permission rotates a key") {
    const auto account = post(acme + "/tokens", owner, R"({"name":"n","role":"admin"})");
    const auto made = post(development + "/keys", account.at("/token"), R"({"kind":"server"})");
    REQUIRE(made.status == 201);
    CHECK(made.at("/created_by") == account.at("/account_id"));
    const auto maintainer = add_member(owner, "acme", "m@example.com", "maintainer");
    CHECK(post(made.header("Location") + "/rotate", maintainer, "{}").status == 403);
    CHECK(get(made.header("Location"), owner).at("/expires_at") == made.at("/expires_at"));
}
