// Many flags changed as one, clones, and what archive, restore and delete mean.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;
using Errors = std::vector<std::string>;

namespace {

class Together : public ApiFixture {
public:
    Together() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        for (const auto* key : {"a", "b", "c"})
            REQUIRE(post(web + "/flags", owner, std::string(R"({"key":")") + key + R"(","type":"boolean"})").status ==
                    201);
    }
    Reply bulk(const std::string& changes, const std::string& token = "") {
        return post(web + "/bulk", token.empty() ? owner : token, R"({"comment":"winter","changes":)" + changes + "}");
    }
    std::string number_of(const std::string& environment) {
        return sql("SELECT version FROM fanion.environments WHERE key = '" + environment + "'");
    }
    std::string changes_audited() { return sql("SELECT count(*) FROM fanion.audit WHERE action <> 'request.refused'"); }
    // The errors of a refusal that changed nothing.
    Errors refused(unsigned status, const std::string& changes, const std::string& token = "") {
        const auto before =
            get(web + "/flags", owner).body + changes_audited() + number_of("development") + number_of("production");
        const auto reply = bulk(changes, token);
        INFO(reply.body);
        CHECK(reply.status == status);
        CHECK(get(web + "/flags", owner).body + changes_audited() + number_of("development") +
                  number_of("production") ==
              before);
        return reply.errors();
    }
    std::string owner;
};

const std::string turn_on_all =
    R"([{"flags":["a","b","c"],"environment":"development","instructions":[{"kind":"turn_on"}]},)"
    R"({"flags":["a"],"instructions":[{"kind":"add_tags","tags":["winter"]}]}])";

}  // namespace

TEST_CASE_METHOD(Together, "a bulk change is one version of an environment and one group of audit entries") {
    const auto development = std::stoi(number_of("development"));
    const auto staging = number_of("staging");
    const auto reply = bulk(turn_on_all);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/changed/0/flag") == "a");
    CHECK(reply.at("/changed/0/version") == "2");
    CHECK(reply.at("/changed/1/version") == "1");
    CHECK(reply.at("/changed/2/environments/development") == "2");
    CHECK(reply.at("/unchanged") == "[]");
    CHECK(number_of("development") == std::to_string(development + 1));
    CHECK(number_of("staging") == staging);
    CHECK(reply.header("Fanion-Ruleset-Version").starts_with("development="));
    CHECK(get(web + "/flags/b/environments/development", owner).at("/enabled") == "true");
    CHECK(get(web + "/flags/a", owner).at("/tags") == R"(["winter"])");
    const auto entries = get(acme + "/audit?limit=4", owner);
    for (const auto* index : {"0", "1", "2", "3"}) {
        const auto place = std::string("/items/") + index + "/entry";
        const bool is_first = std::string(index) == "3";
        CHECK(entries.at(place + (is_first ? "/id" : "/group")) == reply.at("/group"));
        CHECK(entries.at(place + "/comment") == "winter");
        CHECK(entries.at(place + "/before").starts_with('{'));
        CHECK_FALSE(entries.at(place + "/published/development").empty());
    }
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/c/environments/development");
    CHECK(entries.at("/items/3/entry/resource") == "projects/web/flags/a");
    CHECK(entries.at("/items/3/entry/action") == "flag.updated");
    const auto again = bulk(turn_on_all);
    CHECK(again.at("/changed") == "[]");
    CHECK(again.at("/group").empty());
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/group") == reply.at("/group"));
}

TEST_CASE_METHOD(Together, "one refusal refuses all") {
    CHECK(refused(422, R"([{"flags":["a","b"],"environment":"development","instructions":[{"kind":"turn_on"}]},
        {"flags":["b"],"environment":"development","instructions":[{"kind":"remove_rule","rule":"zzz"}]}])") ==
          Errors{"/changes/1/instructions/0/rule unknown_rule"});
    CHECK(refused(422, R"([{"flags":["a","nothing"],"instructions":[{"kind":"archive"}]}])") ==
          Errors{"/changes/0/flags/1 unknown_flag"});
    CHECK(refused(422, R"([{"flags":["a"],"environment":"nowhere","instructions":[{"kind":"turn_on"}]}])") ==
          Errors{"/changes/0/environment unknown_environment"});
    CHECK(refused(400, R"([{"flags":["a"],"instructions":[{"kind":"turn_on"}]}])") ==
          Errors{"/changes/0/instructions/0/kind unknown_kind"});
    const auto compiled = bulk(R"([{"flags":["a"],"environment":"development","instructions":[{"kind":"add_rule",
        "when":"segment 'nowhere'","serve":{"variation":"on"}}]}])");
    CHECK(compiled.status == 422);
    CHECK(compiled.at("/errors/0/item") == "flag/a");
    CHECK(compiled.at("/errors/0/detail").find("environment development") != std::string::npos);
    CHECK(post(web + "/bulk", owner, R"({"changes":[],"speed":1})").status == 400);
}

TEST_CASE_METHOD(Together, "the definition's version does not stand for a configuration that a change names") {
    const auto both = [](const std::string& versions) {
        return R"([{"flags":["a"],"versions":{"a":1},"instructions":[{"kind":"set_client","client":true}]},)"
               R"({"flags":["a"],"environment":"production",)" +
               versions + R"("instructions":[{"kind":"set_fallthrough","variation":"off"}]}])";
    };
    CHECK(refused(428, both("")) == Errors{"/changes missing_version"});
    CHECK(bulk(both(R"("versions":{"a":1},)")).status == 200);
}

TEST_CASE_METHOD(Together, "a protected environment wants the versions, and the permission") {
    const auto on = [](const std::string& versions) {
        return R"([{"flags":["a","b"],"environment":"production",)" + versions +
               R"("instructions":[{"kind":"turn_on"}]}])";
    };
    CHECK(refused(428, on("")) == Errors{"/changes missing_version"});
    CHECK(refused(428, on(R"("versions":{"a":1},)")) == Errors{"/changes missing_version"});
    CHECK(refused(412, on(R"("versions":{"a":1,"b":7},)")) == Errors{"/changes/0/versions/b stale_version"});
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    CHECK(refused(403, on(R"("versions":{"a":1,"b":1},)"), developer) == Errors{"Authorization forbidden"});
    CHECK(bulk(on(R"("versions":{"a":1,"b":1},)")).status == 200);
    CHECK(refused(403, R"([{"flags":["a"],"instructions":[{"kind":"archive"}]}])", developer) ==
          Errors{"Authorization forbidden"});
    CHECK(refused(428, R"([{"flags":["a"],"instructions":[{"kind":"archive"}]}])") ==
          Errors{"/changes missing_version"});
    CHECK(bulk(R"([{"flags":["c"],"environment":"staging","instructions":[{"kind":"turn_on"}]}])", developer).status ==
          200);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(refused(403, turn_on_all, viewer) == Errors{"Authorization forbidden"});
}

TEST_CASE_METHOD(Together, "a bulk change can be tried, and repeated") {
    const auto before = get(web + "/flags", owner).body;
    const auto tried = post(web + "/bulk?dry_run=true", owner, R"({"changes":)" + turn_on_all + "}");
    CHECK(tried.at("/changes") ==
          R"(["`a`: Adds the tags `winter`.","`a`: In development: turns the flag on.",)"
          R"("`b`: In development: turns the flag on.","`c`: In development: turns the flag on."])");
    CHECK(tried.at("/result/changed/0/flag") == "a");
    CHECK(tried.at("/publishes") == R"(["development"])");
    CHECK(get(web + "/flags", owner).body == before);
    const auto request = [&] {
        return send({net::Method::post,
                     web + "/bulk",
                     owner,
                     R"({"changes":)" + turn_on_all + "}",
                     {{"Idempotency-Key", "0123456789abcdef"}}});
    };
    const auto first = request();
    const auto second = request();
    CHECK(first.status == 200);
    CHECK(second.header("Idempotency-Replayed") == "true");
    CHECK(second.body == first.body);
}

TEST_CASE_METHOD(Together, "200 flags are archived in one request") {
    std::string keys;
    for (int i = 0; i < 200; ++i) {
        const auto key = "f" + std::to_string(i);
        sql("INSERT INTO fanion.flags SELECT 'f_x" + std::to_string(i) + "', org_id, project_id, '" + key +
            "', type, name, description, tags, owner, salt, client, track, variations FROM fanion.flags WHERE key = "
            "'a'");
        sql("INSERT INTO fanion.flag_configs (flag_id, env_id, org_id, version, enabled, config) SELECT 'f_x" +
            std::to_string(i) +
            "', c.env_id, c.org_id, 1, c.enabled, c.config FROM fanion.flag_configs c JOIN fanion.flags f "
            "USING (flag_id) WHERE f.key = 'a'");
        keys += std::string(i > 0 ? "," : "") + '"' + key + '"';
    }
    sql("UPDATE fanion.environments SET protected = false");
    const auto reply = bulk(R"([{"flags":[)" + keys + R"(],"instructions":[{"kind":"archive"},{"kind":"add_tags",
        "tags":["old"]}]}])");
    INFO(reply.body.substr(0, 500));
    REQUIRE(reply.status == 200);
    CHECK(sql("SELECT count(*) FROM fanion.flags WHERE archived_at IS NOT NULL") == "200");
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/group") == reply.at("/group"));
}

TEST_CASE_METHOD(Together, "a clone is a flag of its own") {
    REQUIRE(patch(web + "/flags/a/environments/development", owner,
                  R"({"enabled":true,"rules":[{"id":"de","when":"country is 'DE'","serve":{"variation":"on"}}]})")
                .status == 200);
    const auto made = post(web + "/flags/a/clone", owner, R"({"key":"d","name":"D"})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == web + "/flags/d");
    CHECK(made.at("/salt") == "d");
    CHECK(get(web + "/flags/d", owner).at("/name") == "D");
    CHECK(get(web + "/flags/d/environments/development", owner).at("/rules/0/id") == "de");
    const auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/action") == "flag.created");
    CHECK(entry.at("/items/0/entry/resource") == "projects/web/flags/d");
    CHECK(entry.at("/items/0/entry/after/environments/development/enabled") == "true");
    CHECK(post(web + "/flags/a/clone", owner, R"({"key":"d"})").status == 409);
    CHECK(post(web + "/flags/nothing/clone", owner, R"({"key":"e"})").status == 404);
    CHECK(post(web + "/flags/a/clone", owner, R"({"key":"e","environments":["nowhere"]})").errors() ==
          Errors{"/environments/0 unknown_environment"});
    const auto some = post(web + "/flags/a/clone", owner, R"({"key":"e","environments":["staging"]})");
    CHECK(some.status == 201);
    CHECK(get(web + "/flags/e/environments/development", owner).at("/enabled") == "false");
}

TEST_CASE_METHOD(Together, "who may not configure a protected environment may not clone a configuration into it") {
    REQUIRE(patch(web + "/flags/a/environments/production", owner, R"({"enabled":true})", "*").status == 200);
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    CHECK(post(web + "/flags/a/clone", developer, R"({"key":"d"})").status == 403);
    CHECK(post(web + "/flags/a/clone", developer, R"({"key":"d","environments":["development"]})").status == 201);
}

TEST_CASE_METHOD(Together, "an archived flag is restored as it was; a deleted one, and its key, never come back") {
    const auto config = web + "/flags/a/environments/development";
    const auto in_ruleset = [&] {
        return get(web + "/environments/development/ruleset", owner).body.find("flag/a") != std::string::npos;
    };
    REQUIRE(patch(config, owner, R"({"enabled":true})").status == 200);
    CHECK(in_ruleset());
    REQUIRE(patch(web + "/flags/a", owner, R"({"archived":true})", "*").status == 200);
    CHECK_FALSE(in_ruleset());
    CHECK(post(web + "/flags", owner, R"({"key":"a","type":"boolean"})").errors() == Errors{"/key taken"});
    REQUIRE(patch(web + "/flags/a", owner, R"({"archived":false})", "*").status == 200);
    CHECK(in_ruleset());
    CHECK(get(config, owner).at("/enabled") == "true");

    REQUIRE(patch(web + "/flags/a", owner, R"({"archived":true})", "*").status == 200);
    REQUIRE(del(web + "/flags/a", owner, "*").status == 204);
    for (const auto& path : {web + "/flags/a", config, web + "/flags/a/uses"}) CHECK(get(path, owner).status == 404);
    CHECK(patch(web + "/flags/a", owner, R"({"archived":false})", "*").status == 404);
    CHECK(del(web + "/flags/a", owner, "*").status == 404);
    CHECK(post(web + "/flags", owner, R"({"key":"a","type":"boolean"})").errors() == Errors{"/key retired"});
    CHECK(post(web + "/flags/b/clone", owner, R"({"key":"a"})").errors() == Errors{"/key retired"});
    CHECK(refused(422, R"([{"flags":["a"],"instructions":[{"kind":"restore"}]}])") ==
          Errors{"/changes/0/flags/0 unknown_flag"});
    CHECK(get(web + "/flags", owner).body.find("\"a\"") == std::string::npos);
}
