// Environments made as copies of others, and brought back into a project that has changed meanwhile.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/tenancy/tenancy.hpp"

using namespace fanion;
using test::Reply;
using test::Tenancy;

using Strings = std::vector<std::string>;

namespace {

class Environments : public Tenancy {
public:
    std::string flag_in(const std::string& flag, const std::string& env) {
        return web + "/flags/" + flag + "/environments/" + env;
    }
    // The published item of a flag, without its environment.
    std::string published(const std::string& env, const std::string& item) {
        return sql("SELECT body FROM fanion.items JOIN fanion.environments e USING (env_id) WHERE e.key = '" + env +
                   "' AND item_key = '" + item + "'");
    }
    const std::string all = web + "/environments";
};

}  // namespace

TEST_CASE_METHOD(Environments, "a copy has the configurations of all flags and segments, published, and no keys") {
    REQUIRE(patch(flag_in("f", "staging"), owner,
                  R"({"enabled":true,"rules":[{"id":"r1","when":"country is 'DE'","serve":{"variation":"on"}}]})")
                .status == 200);
    REQUIRE(patch(web + "/segments/s/environments/staging", owner,
                  R"({"included":[{"attribute":"targetingKey","values":["u1"]}]})")
                .status == 200);
    REQUIRE(post(all + "/staging/keys", owner, R"({"kind":"server"})").status == 201);
    const auto made = post(all, owner, R"({"key":"qa","copy_of":"staging"})");
    REQUIRE(made.status == 201);
    CHECK(made.header("Fanion-Ruleset-Version").starts_with("qa="));
    const auto copied = get(flag_in("f", "qa"), owner);
    CHECK(copied.at("/enabled") == "true");
    CHECK(copied.at("/rules/0/id") == "r1");
    CHECK(copied.etag() == get(flag_in("f", "staging"), owner).etag());
    CHECK(get(web + "/segments/s/environments/qa", owner).at("/included/0/values/0") == "u1");
    CHECK(published("qa", "flag/f") == published("staging", "flag/f"));
    CHECK(published("qa", "segment/s") == published("staging", "segment/s"));
    CHECK(get(all + "/qa/keys", owner).at("/items") == "[]");
    CHECK(sql("SELECT count(*) FROM fanion.items JOIN fanion.environments e USING (env_id) WHERE e.key = 'qa' AND "
              "item_key LIKE 'access/%'") == "0");
    CHECK(patch(flag_in("f", "qa"), owner, R"({"enabled":false})").status == 200);
    CHECK(get(flag_in("f", "staging"), owner).at("/enabled") == "true");
}

TEST_CASE_METHOD(Environments, "only what the caller may read is copied") {
    CHECK(post(all, owner, R"({"key":"qa","copy_of":"nowhere"})").errors() == Strings{"/copy_of unknown_environment"});
    CHECK(post(all, owner, R"({"key":"qa","copy_of":"qa"})").errors() == Strings{"/copy_of unknown_environment"});
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    const auto id = get("/api/v1/auth/me", admin).at("/user/id");
    REQUIRE(put(all + "/production/assignments/" + id, owner, R"({"role":"none"})").status == 201);
    CHECK(post(all, admin, R"({"key":"qa","copy_of":"production"})").errors() ==
          Strings{"/copy_of unknown_environment"});
    CHECK(post(all, admin, R"({"key":"qa","copy_of":"staging"})").status == 201);
    REQUIRE(del_environment("staging").status == 204);
    CHECK(post(all, owner, R"({"key":"qa2","copy_of":"staging"})").errors() == Strings{"/copy_of unknown_environment"});
    CHECK(get(all, owner).at("/items/3/key").empty());  // nothing was made on the way
}

TEST_CASE_METHOD(Environments, "a project has at most 50 environments, deleted ones not counting") {
    for (int i = 3; i < 50; ++i) {
        REQUIRE(post(all, owner, R"({"key":"e)" + std::to_string(i) + "\"}").status == 201);
    }
    CHECK(post(all, owner, R"({"key":"e50"})").errors() == Strings{" limit"});
    REQUIRE(del_environment("e3").status == 204);
    CHECK(post(all, owner, R"({"key":"e3"})").errors() == Strings{"/key taken"});
    CHECK(post(all, owner, R"({"key":"e50"})").status == 201);
    CHECK(restore(all + "/e3", owner).errors() == Strings{" limit"});
    sql("INSERT INTO fanion.environments (env_id, org_id, project_id, key, name, deleted_at) "
        "SELECT 'e_' || i, org_id, project_id, 'd' || i, '', now() FROM fanion.projects, generate_series(1, 149) i");
    REQUIRE(del_environment("e4").status == 204);
    CHECK(post(all, owner, R"({"key":"e51"})").errors() == Strings{" limit"});
}

TEST_CASE_METHOD(Environments, "a restored environment has what has changed in its project meanwhile") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"gone","type":"boolean"})").status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"kept","type":"boolean"})").status == 201);
    REQUIRE(patch(flag_in("f", "staging"), owner, R"({"enabled":true})").status == 200);
    REQUIRE(patch(flag_in("kept", "staging"), owner, R"({"enabled":true})").status == 200);
    const auto version = get(flag_in("kept", "staging"), owner).etag();
    REQUIRE(del_environment("staging").status == 204);
    CHECK(get(flag_in("f", "staging"), owner).status == 404);
    CHECK(get(web + "/flags", owner).body.find("staging") == std::string::npos);
    REQUIRE(post(web + "/flags", owner, R"({"key":"new","type":"boolean"})").status == 201);
    REQUIRE(del(web + "/flags/gone", owner, "*").status == 204);
    REQUIRE(patch(web + "/flags/f", owner, R"({"client":true})", "*").status == 200);

    const auto restored = restore(all + "/staging", owner);
    REQUIRE(restored.status == 200);
    CHECK(restored.at("/warnings") == "[]");
    CHECK(get(flag_in("f", "staging"), owner).at("/enabled") == "true");
    CHECK(get(flag_in("f", "staging"), owner).etag() == "\"3\"");
    CHECK(published("staging", "flag/f").find("\"client\":true") != std::string::npos);
    CHECK(get(flag_in("kept", "staging"), owner).etag() == version);
    CHECK(get(flag_in("new", "staging"), owner).at("/enabled") == "false");
    CHECK_FALSE(published("staging", "flag/new").empty());
    CHECK(published("staging", "flag/gone").empty());
    CHECK(newest_actions(1) == "environment.restored");
}

TEST_CASE_METHOD(Environments, "what no longer fits is as in a new environment, and the response says so") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"parent","type":"boolean"})").status == 201);
    REQUIRE(patch(flag_in("f", "staging"), owner,
                  R"({"enabled":true,"prerequisites":[{"flag":"parent","variations":["on"]}]})")
                .status == 200);
    REQUIRE(del_environment("staging").status == 204);
    REQUIRE(del(web + "/flags/parent", owner, "*").status == 204);
    const auto restored = restore(all + "/staging", owner);
    INFO(restored.body);
    REQUIRE(restored.status == 200);
    CHECK(restored.at("/warnings/0/item") == "flag/f");
    CHECK(restored.at("/warnings/0/code") == "configuration_reset");
    CHECK(get(flag_in("f", "staging"), owner).at("/enabled") == "false");
    CHECK(patch(flag_in("f", "staging"), owner, R"({"enabled":true})").status == 200);
}

TEST_CASE_METHOD(Environments, "keys of a deleted environment are as they were when it is restored") {
    const auto key = post(all + "/staging/keys", owner, R"({"kind":"server"})").at("/id");
    const auto item = published("staging", "access/" + key);
    REQUIRE_FALSE(item.empty());
    REQUIRE(del_environment("staging").status == 204);
    CHECK(get(all + "/staging/keys/" + key, owner).status == 404);
    CHECK(del(all + "/staging/keys/" + key, owner).status == 404);
    REQUIRE(restore(all + "/staging", owner).status == 200);
    CHECK(get(all + "/staging/keys/" + key, owner).status == 200);
    CHECK(published("staging", "access/" + key) == item);
}
