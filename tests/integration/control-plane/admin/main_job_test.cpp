// From bootstrap to a configured flag and a key, in the steps of a user.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::web;

namespace {

constexpr auto projects = "/api/v1/orgs/acme/projects";

class Acme : public ApiFixture {
public:
    Acme() : owner(bootstrap_owner("acme", "owner@example.com")) {
        const auto made = post(projects, owner, R"({"key":"web","name":"Web"})");
        REQUIRE(made.status == 201);
        CHECK(made.header("Location") == web);
    }

    std::string published(const std::string& env) {
        return get(web + "/environments/" + env, owner).at("/ruleset_version");
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Acme, "a new project has three environments, published, the last protected") {
    const auto list = get(web + "/environments", owner);
    REQUIRE(list.status == 200);
    CHECK(list.at("/items/0/key") == "development");
    CHECK(list.at("/items/1/key") == "staging");
    CHECK(list.at("/items/2/key") == "production");
    CHECK(list.at("/items/0/protected") == "false");
    CHECK(list.at("/items/2/protected") == "true");
    CHECK(list.at("/items/2/ruleset_version").ends_with(".1"));
    CHECK(post(projects, owner, R"({"key":"web"})").errors() == std::vector<std::string>{"/key taken"});
}

TEST_CASE_METHOD(Acme, "a flag is created, configured, evaluated, archived and deleted; its key is never reused") {
    const auto made =
        post(web + "/flags", owner, R"({"key":"new-checkout","type":"boolean","name":"The new checkout"})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.etag() == "\"1\"");
    CHECK(made.at("/variations/0/key") == "on");
    CHECK(made.header("Fanion-Ruleset-Version").find("production=") != std::string::npos);

    const auto place = web + "/flags/new-checkout/environments/development";
    CHECK(get(place, owner).at("/enabled") == "false");
    const auto on = patch(place, owner, R"({"enabled":true})");
    REQUIRE(on.status == 200);
    CHECK(on.etag() == "\"2\"");
    CHECK(on.header("Fanion-Ruleset-Version") == "development=" + published("development"));
    const auto answer =
        post(web + "/environments/development/evaluate", owner, R"({"flag":"new-checkout","context":{}})");
    CHECK(answer.body ==
          R"({"flag":"new-checkout","value":true,"variation":"on","reason":"STATIC","version":2,"steps":[)"
          R"({"step":"enabled","holds":true},{"step":"fallthrough","serve":{"variation":"on"}}]})");

    const auto before = published("development");
    CHECK(patch(place, owner, R"({"enabled":true})").etag() == "\"2\"");
    CHECK(published("development") == before);  // nothing changed, nothing published

    const auto flag = web + "/flags/new-checkout";
    CHECK(patch(flag, owner, R"({"archived":true})", "\"1\"").status == 200);
    CHECK(post(web + "/environments/development/evaluate", owner, R"({"flag":"new-checkout"})").at("/error") ==
          "FLAG_NOT_FOUND");
    CHECK(del(flag, owner, "\"2\"").status == 204);
    CHECK(get(flag, owner).status == 404);
    CHECK(get(place, owner).status == 404);
    CHECK(post(web + "/flags", owner, R"({"key":"new-checkout","type":"boolean"})").errors() ==
          std::vector<std::string>{"/key retired"});
}

TEST_CASE_METHOD(Acme, "a flag can be created and configured in one request") {
    const auto made = post(web + "/flags", owner, R"({"key":"theme","type":"string","client":true,
        "variations":[{"key":"light","value":"#fff"},{"key":"dark","value":"#000"}],
        "environments":{"staging":{"enabled":true,"off":"dark","rules":[{"when":{"attribute":"plan","op":"is","values":["pro"]},
        "serve":{"variation":"dark"}}]}}})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto config = get(web + "/flags/theme/environments/staging", owner);
    CHECK(config.at("/enabled") == "true");
    CHECK(config.at("/rules/0/id").starts_with("r-"));
    CHECK(config.at("/fallthrough") == R"({"variation":"light"})");
    CHECK(get(web + "/flags/theme/environments/development", owner).at("/off") == "light");
    CHECK(post(web + "/environments/staging/evaluate", owner, R"({"flag":"theme","context":{"plan":"pro"}})")
              .at("/value") == "#000");
}

TEST_CASE_METHOD(Acme, "numbers keep their spelling from the request to the ruleset and back") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"n","type":"number","variations":[{"key":"a","value":1.0},
        {"key":"b","value":9007199254740993}],"environments":{"development":{"enabled":true}}})")
                .status == 201);
    CHECK(get(web + "/flags/n", owner).at("/variations/0/value") == "1.0");
    CHECK(get(web + "/flags/n", owner).at("/variations/1/value") == "9007199254740993");
    CHECK(post(web + "/environments/development/evaluate", owner, R"({"flag":"n"})").at("/value") == "1.0");
}

TEST_CASE_METHOD(Acme, "flags are listed page by page, and found by a part of their key or name") {
    for (const auto* key : {"c", "a", "b", "B2"}) {
        REQUIRE(post(web + "/flags", owner, R"({"key":")" + std::string(key) + R"(","type":"boolean"})").status == 201);
    }
    const auto first = get(web + "/flags?limit=3", owner);
    CHECK(first.at("/items/0/key") == "B2");
    CHECK(first.at("/items/2/key") == "b");
    CHECK(first.at("/items/0/environments/development") == R"({"enabled":false,"version":1,"evaluated_at":null})");
    const auto second = get(web + "/flags?limit=3&cursor=" + first.at("/next"), owner);
    CHECK(second.at("/items/0/key") == "c");
    CHECK(second.at("/items/1").empty());
    CHECK(second.at("/next") == "null");
    const auto found = get(web + "/flags?q=B", owner);
    CHECK(found.at("/items/0/key") == "B2");
    CHECK(found.at("/items/1/key") == "b");
    CHECK(found.at("/items/2").empty());
}

TEST_CASE_METHOD(Acme, "a segment is used by a flag, and cannot be deleted while a flag refers to it") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"beta"})").status == 201);
    const auto members = web + "/segments/beta/environments/development";
    const auto changed =
        put(members, owner, R"({"included":[{"attribute":"targetingKey","values":["alice"]}]})", "\"1\"");
    REQUIRE(changed.status == 200);
    CHECK(changed.etag() == "\"2\"");
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean","environments":{"development":{"enabled":true,
        "fallthrough":{"variation":"off"},"rules":[{"when":{"op":"in_segment","values":["beta"]},"serve":{"variation":"on"}}]}}})")
                .status == 201);
    const auto ask = [&](const char* who) {
        return post(web + "/environments/development/evaluate", owner,
                    R"({"flag":"f","context":{"targetingKey":")" + std::string(who) + "\"}}")
            .at("/value");
    };
    CHECK(ask("alice") == "true");
    CHECK(ask("bob") == "false");
    const auto drafted = post(web + "/environments/development/evaluate", owner,
                              R"({"flag":"f","context":{"targetingKey":"alice"},"draft":{"enabled":true,
        "fallthrough":{"variation":"on"},"rules":[{"when":{"op":"not_in_segment","values":["beta"]},"serve":{"variation":"off"}}]}})");
    CHECK(drafted.at("/value") == "true");
    CHECK(drafted.body.find(R"("segments":[{"segment":"beta","steps":[{"step":"included","attribute":"targetingKey",)"
                            R"("value":"alice","holds":true}],"holds":true}],"holds":false})") != std::string::npos);
    const auto kept = del(web + "/segments/beta", owner, "\"1\"");
    CHECK(kept.status == 409);
    CHECK(kept.errors()[0].find("unknown_reference") != std::string::npos);
    CHECK(get(web + "/segments/beta", owner).status == 200);
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"rules":[]})").status == 200);
    CHECK(del(web + "/segments/beta", owner, "\"1\"").status == 204);
}

TEST_CASE_METHOD(Acme, "a new environment has every flag, off, and every segment, empty") {
    REQUIRE(
        post(web + "/flags", owner, R"({"key":"f","type":"boolean","environments":{"development":{"enabled":true}}})")
            .status == 201);
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    const auto made = post(web + "/environments", owner, R"({"key":"preview","name":"Preview"})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(get(web + "/flags/f/environments/preview", owner).at("/enabled") == "false");
    CHECK(get(web + "/segments/s/environments/preview", owner).at("/included") == "[]");
    CHECK(post(web + "/environments/preview/evaluate", owner, R"({"flag":"f"})").at("/reason") == "DISABLED");
    CHECK(post(web + "/environments", owner, R"({"key":"preview"})").status == 409);
}

TEST_CASE_METHOD(Acme, "a draft is evaluated without being saved") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto version = published("development");
    const auto answer =
        post(web + "/environments/development/evaluate", owner, R"({"flag":"f","draft":{"enabled":true}})");
    CHECK(answer.at("/value") == "true");
    const auto refused = post(web + "/environments/development/evaluate", owner,
                              R"({"flag":"f","draft":{"enabled":true,"fallthrough":{"variation":"blue"}}})");
    CHECK(refused.status == 422);
    REQUIRE(refused.errors().size() == 1);
    CHECK(refused.errors()[0].starts_with("/draft/fallthrough"));
    CHECK(get(web + "/flags/f/environments/development", owner).at("/enabled") == "false");
    CHECK(published("development") == version);
}

TEST_CASE_METHOD(Acme, "the description of the API is served to everyone") {
    const auto reply = get("/openapi.json", "");
    CHECK(reply.status == 200);
    CHECK(reply.at("/openapi") == "3.1.0");
    CHECK(send({net::Method::get, "/openapi.json", "", "", {{"If-None-Match", reply.etag()}}}).status == 304);
}
