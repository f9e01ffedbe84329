// Rollback, comparison and promotion of configurations.

#include <catch2/catch.hpp>

#include "common/wire/manifest.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::development;
using test::production;
using test::Reply;
using test::web;

namespace {

using Errors = std::vector<std::string>;

class Promoting : public ApiFixture {
public:
    Promoting() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        make_flag("f");
        make_flag("g");
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }
    void make_flag(const std::string& key) {
        REQUIRE(post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"boolean"})").status == 201);
    }
    void configure(const std::string& flag, const std::string& env, const std::string& body) {
        const auto reply = patch(web + "/flags/" + flag + "/environments/" + env, owner, body, "*");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    void fill_segment(const std::string& env, const std::string& value) {
        const auto reply = patch(web + "/segments/s/environments/" + env, owner,
                                 R"({"included":[{"attribute":"targetingKey","values":[")" + value + R"("]}]})", "*");
        REQUIRE(reply.status == 200);
    }
    std::string config(const std::string& flag, const std::string& env, const std::string& pointer) {
        return get(web + "/flags/" + flag + "/environments/" + env, owner).at(pointer);
    }
    std::string members(const std::string& env) {
        return get(web + "/segments/s/environments/" + env, owner).at("/included");
    }
    std::string version(const std::string& env) {
        return get(web + "/environments/" + env, owner).at("/ruleset_version");
    }
    std::string tag(const std::string& env) { return get(web + "/environments/" + env, owner).etag(); }
    Reply change(const std::string& path, const std::string& body, const std::string& if_match = "",
                 const std::string& token = "") {
        test::ApiRequest request{net::Method::post, path, token.empty() ? owner : token, body, {}};
        if (!if_match.empty()) request.headers.push_back({"If-Match", if_match});
        return send(std::move(request));
    }
    std::string entries() { return sql("SELECT count(*) FROM fanion.audit"); }

    std::string owner;
};

const std::string rule_on_segment =
    R"({"enabled":true,"rules":[{"id":"r1","when":"segment 's'","serve":{"variation":"on"}}],"fallthrough":{"variation":"off"}})";

}  // namespace

TEST_CASE_METHOD(Promoting, "an environment is put back to a version, as one new version") {
    const auto then = version("development");
    configure("f", "development", R"({"enabled":true})");
    configure("g", "development", R"({"enabled":true})");
    fill_segment("development", "alice");
    make_flag("late");
    REQUIRE(post(development + "/keys", owner, R"({"kind":"server"})").status == 201);
    const auto before = wire::parse_version(version("development"))->number;

    const auto dry = change(development + "/rollback?dry_run=true", R"({"version":")" + then + R"("})");
    INFO(dry.body);
    CHECK(dry.status == 200);
    CHECK(dry.at("/dry_run") == "true");
    CHECK(dry.at("/changes/0") == R"({"flag":"f","differences":[{"pointer":"/enabled","from":true,"to":false}]})");
    CHECK(dry.at("/changes/1/flag") == "g");
    CHECK(dry.at("/changes/2/segment") == "s");
    CHECK(dry.at("/changes/3") == "");
    CHECK(dry.at("/skipped") == R"([{"flag":"late","code":"not_in_version"}])");
    CHECK(dry.header("Fanion-Ruleset-Version") == "");
    CHECK(wire::parse_version(version("development"))->number == before);
    CHECK(config("f", "development", "/enabled") == "true");

    const auto done =
        change(development + "/rollback?comment=too+early", R"({"version":")" + then + R"("})", dry.etag());
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(done.at("/changes") == dry.at("/changes"));
    CHECK(done.at("/rolled_back_to") == then);
    CHECK(done.at("/version") == version("development"));
    CHECK(done.etag() == tag("development"));
    CHECK(wire::parse_version(version("development"))->number == before + 1);
    CHECK(config("f", "development", "/enabled") == "false");
    CHECK(config("g", "development", "/enabled") == "false");
    CHECK(members("development") == "[]");
    const auto history = get(development + "/versions?limit=1", owner);
    CHECK(history.at("/items/0/action") == "environment.rolled_back");
    CHECK(history.at("/items/0/comment") == "too early");
    CHECK(history.at("/items/0/flags") == R"(["f","g"])");
    // The key that was made since is still part of the ruleset.
    CHECK(get(development + "/ruleset", owner).body.find("access/") != std::string::npos);
    const auto audit = get("/api/v1/orgs/acme/audit?resource=projects/web/environments/development", owner);
    CHECK(audit.at("/items/0/entry/before/flags/f/enabled") == "true");
    CHECK(audit.at("/items/0/entry/after/flags/f/enabled") == "false");
    CHECK(audit.at("/items/0/entry/after/segments/s/included") == "[]");
    CHECK(audit.at("/items/0/entry/published/development") == version("development"));

    const auto count = entries();
    const auto again = change(development + "/rollback", R"({"version":")" + then + R"("})");
    CHECK(again.at("/changes") == "[]");
    CHECK(again.at("/version") == done.at("/version"));
    CHECK(entries() == count);
}

TEST_CASE_METHOD(Promoting, "one flag is put back, and the others stay") {
    const auto then = version("development");
    configure("f", "development", R"({"enabled":true})");
    configure("g", "development", R"({"enabled":true})");
    const auto done = change(development + "/rollback", R"({"version":")" + then + R"(","flags":["f"]})");
    REQUIRE(done.status == 200);
    CHECK(config("f", "development", "/enabled") == "false");
    CHECK(config("g", "development", "/enabled") == "true");
}

TEST_CASE_METHOD(Promoting, "what cannot be put back is refused when it is named, and changes nothing") {
    make_flag("gone");
    make_flag("stored");
    const auto then = version("development");
    make_flag("late");
    configure("f", "development", R"({"enabled":true})");
    REQUIRE(del(web + "/flags/gone", owner, "*").status == 204);
    REQUIRE(patch(web + "/flags/stored", owner, R"({"archived":true})", "*").status == 200);
    const auto count = entries();
    const auto refused =
        change(development + "/rollback",
               R"({"version":")" + then + R"(","flags":["f","gone","stored","late","never"],"segments":["none"]})");
    CHECK(refused.status == 422);
    CHECK(refused.errors() ==
          Errors{"/flags/1 deleted", "/flags/2 archived", "/flags/3 not_in_version", "/flags/4 unknown"});
    CHECK(config("f", "development", "/enabled") == "true");
    CHECK(entries() == count);
    const auto all = change(development + "/rollback", R"({"version":")" + then + R"("})");
    CHECK(
        all.at("/skipped") ==
        R"([{"flag":"gone","code":"deleted"},{"flag":"late","code":"not_in_version"},{"flag":"stored","code":"archived"}])");
    CHECK(config("f", "development", "/enabled") == "false");
    CHECK(change(development + "/rollback", R"({"version":"1.1"})").status == 404);
    CHECK(change(development + "/rollback", R"({"version":"x"})").errors() == Errors{"/version bad_value"});
    CHECK(change(development + "/rollback?dry_run=1", R"({"version":"1"})").errors() == Errors{"?dry_run malformed"});
}

TEST_CASE_METHOD(Promoting, "a flag that needs what was deleted since is left out when everything is put back") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"old"})").status == 201);
    make_flag("needy");
    configure("needy", "development", R"({"rules":[{"id":"r","when":"segment 'old'","serve":{"variation":"on"}}]})");
    const auto then = version("development");
    configure("f", "development", R"({"enabled":true})");
    configure("needy", "development", R"({"rules":[]})");
    REQUIRE(del(web + "/segments/old", owner, "*").status == 204);
    const auto named = change(development + "/rollback", R"({"version":")" + then + R"(","flags":["needy"]})");
    CHECK(named.status == 422);
    CHECK(named.errors() == Errors{"/rules/0/when/values/0 unknown_reference"});
    const auto all = change(development + "/rollback", R"({"version":")" + then + R"("})");
    INFO(all.body);
    CHECK(all.status == 200);
    CHECK(all.at("/skipped") == R"([{"flag":"needy","code":"missing_segment"},{"segment":"old","code":"deleted"}])");
    CHECK(config("f", "development", "/enabled") == "false");
    CHECK(config("needy", "development", "/rules") == "[]");
}

TEST_CASE_METHOD(Promoting, "a configuration that the definition no longer allows is refused with its place") {
    REQUIRE(post(web + "/flags", owner,
                 R"({"key":"v","type":"string","variations":[{"key":"a","value":"A"},{"key":"b","value":"B"}],
                     "environments":{"development":{"enabled":true,"fallthrough":{"variation":"b"}}}})")
                .status == 201);
    const auto then = version("development");
    configure("v", "development", R"({"fallthrough":{"variation":"a"}})");
    REQUIRE(patch(web + "/flags/v", owner, R"({"variations":[{"key":"a","value":"A"}]})", "*").status == 200);
    const auto refused = change(development + "/rollback", R"({"version":")" + then + R"(","flags":["v"]})");
    INFO(refused.body);
    CHECK(refused.status == 422);
    CHECK(refused.at("/errors/0/item") == "flag/v");
    CHECK(refused.at("/errors/0/pointer") == "/fallthrough/variation");
    CHECK(config("v", "development", "/fallthrough/variation") == "a");
}

TEST_CASE_METHOD(Promoting, "a protected environment is changed with If-Match, by those who may") {
    const auto then = version("production");
    configure("f", "production", R"({"enabled":true})");
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    const auto body = R"({"version":")" + then + R"("})";
    CHECK(change(production + "/rollback", body, "*", developer).status == 403);
    CHECK(change(production + "/rollback?dry_run=true", body, "", developer).status == 200);
    CHECK(change(production + "/rollback", body).status == 428);
    const auto stale = tag("production");
    configure("g", "production", R"({"enabled":true})");
    const auto refused = change(production + "/rollback", body, stale);
    CHECK(refused.status == 412);
    CHECK(refused.at("/key") == "production");
    CHECK(refused.etag() == tag("production"));
    CHECK(config("f", "production", "/enabled") == "true");
    CHECK(change(production + "/rollback", body, tag("production")).status == 200);
    CHECK(config("f", "production", "/enabled") == "false");

    const auto promotion = R"({"from":"development","flags":["f"]})";
    CHECK(change(production + "/promote", promotion, "*", developer).status == 403);
    CHECK(change(production + "/promote", promotion).status == 428);
    CHECK(change(production + "/promote", promotion, stale).status == 412);
}

TEST_CASE_METHOD(Promoting, "two environments are compared, flags first, page by page") {
    configure("g", "development", rule_on_segment);
    configure("f", "development", R"({"enabled":true})");
    fill_segment("development", "alice");
    fill_segment("staging", "bob");
    const auto all = get(development + "/compare?with=staging", owner);
    INFO(all.body);
    CHECK(all.at("/from") == "development");
    CHECK(all.at("/to") == "staging");
    CHECK(all.at("/from_version") == version("development"));
    CHECK(all.at("/items/0") == R"({"flag":"f","differences":[{"pointer":"/enabled","from":true,"to":false}]})");
    CHECK(all.at("/items/1/flag") == "g");
    CHECK(all.at("/items/1/differences/1/pointer") == "/rules/0");
    CHECK(all.at("/items/1/differences/1/from/id") == "r1");
    CHECK(all.at("/items/1/differences/1/to") == "");
    CHECK(all.at("/items/2") ==
          R"({"segment":"s","differences":[{"pointer":"/included/0/values","from":["alice"],"to":["bob"]}]})");
    CHECK(all.at("/items/3") == "");
    CHECK(all.at("/next") == "null");
    const auto first = get(development + "/compare?with=staging&limit=2", owner);
    const auto rest = get(development + "/compare?with=staging&limit=2&cursor=" + first.at("/next"), owner);
    CHECK(first.at("/items/2") == "");
    CHECK(rest.at("/items/0") == all.at("/items/2"));
    CHECK(rest.at("/next") == "null");
    CHECK(get(development + "/compare?with=staging&flag=g", owner).at("/items/0") == all.at("/items/1"));
    CHECK(get(development + "/compare?with=staging&flag=g", owner).at("/items/1") == "");
    CHECK(get(development + "/compare?with=staging&segment=s", owner).at("/items/0") == all.at("/items/2"));
    CHECK(get(development + "/compare?with=development", owner).at("/items") == "[]");
    CHECK(get(development + "/compare", owner).errors() == Errors{"?with missing"});
    CHECK(get(development + "/compare?with=none", owner).errors() == Errors{"?with unknown_environment"});
    CHECK(get(development + "/compare?with=staging&flag=none", owner).status == 404);
    CHECK(get(development + "/compare?with=staging&segment=none", owner).status == 404);
    CHECK(get(development + "/compare?with=staging&segment=s&flag=f", owner).status == 400);
}

TEST_CASE_METHOD(Promoting, "flags and segments are promoted as one change with one version") {
    configure("f", "development", rule_on_segment);
    configure("g", "development", R"({"enabled":true})");
    fill_segment("development", "alice");
    const auto before = wire::parse_version(version("production"))->number;
    const std::string body = R"({"from":"development","flags":["f","g"],"segments":["s"]})";
    const auto dry = change(production + "/promote?dry_run=true", body);
    INFO(dry.body);
    REQUIRE(dry.status == 200);
    CHECK(dry.at("/changes/0/flag") == "f");
    CHECK(dry.at("/changes/1/flag") == "g");
    CHECK(dry.at("/changes/2/segment") == "s");
    CHECK(config("f", "production", "/enabled") == "false");
    const auto done = change(production + "/promote", body, dry.etag());
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(done.at("/changes") == dry.at("/changes"));
    CHECK(done.at("/from") == "development");
    CHECK(done.header("Fanion-Ruleset-Version") == "production=" + version("production"));
    CHECK(wire::parse_version(version("production"))->number == before + 1);
    CHECK(config("f", "production", "/rules") == config("f", "development", "/rules"));
    CHECK(config("g", "production", "/enabled") == "true");
    CHECK(members("production") == members("development"));
    CHECK(get(production + "/versions?limit=1", owner).at("/items/0/action") == "environment.promoted");
    CHECK(get(development + "/compare?with=production", owner).at("/items") == "[]");
    CHECK(get(development + "/compare?with=staging", owner).at("/items/0/flag") == "f");
}

TEST_CASE_METHOD(Promoting, "parts of a configuration are promoted, and the rest stays the target's") {
    fill_segment("development", "alice");
    fill_segment("staging", "bob");
    configure("f", "development", rule_on_segment);
    const auto done =
        change(web + "/environments/staging/promote", R"({"from":"development","flags":["f"],"parts":["rules"]})");
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(config("f", "staging", "/enabled") == "false");
    CHECK(config("f", "staging", "/fallthrough/variation") == "on");
    CHECK(config("f", "staging", "/rules/0/id") == "r1");
    CHECK(done.at("/different") == R"([{"segment":"s"}])");  // has other members there, and keeps them
    CHECK(members("staging").find("bob") != std::string::npos);
}

TEST_CASE_METHOD(Promoting, "what a promoted flag needs and lacks is named, or taken along") {
    make_flag("base");
    configure("base", "development", R"({"enabled":true})");
    fill_segment("development", "alice");
    configure("f", "development", rule_on_segment);
    configure("f", "development", R"({"prerequisites":[{"flag":"base","variations":["on"]}]})");
    REQUIRE(post(web + "/segments", owner, R"({"key":"inner"})").status == 201);
    REQUIRE(patch(web + "/segments/inner/environments/development", owner,
                  R"({"included":[{"attribute":"targetingKey","values":["bob"]}]})")
                .status == 200);
    REQUIRE(patch(web + "/segments/s/environments/development", owner, R"({"rules":[{"when":"segment 'inner'"}]})")
                .status == 200);

    const auto staging = web + "/environments/staging";
    const auto count = entries();
    const auto refused = change(staging + "/promote", R"({"from":"development","flags":["g","f"]})");
    CHECK(refused.status == 422);
    CHECK(refused.errors() == Errors{"/flags/1 missing_flag", "/flags/1 missing_segment"});
    CHECK(refused.body.find("`base`") != std::string::npos);
    CHECK(entries() == count);
    CHECK(config("f", "staging", "/enabled") == "false");

    const auto done = change(staging + "/promote", R"({"from":"development","flags":["f"],"take_along":true})");
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(done.at("/taken_along") == R"([{"flag":"base"},{"segment":"s"},{"segment":"inner"}])");
    CHECK(config("base", "staging", "/enabled") == "true");
    CHECK(get(web + "/segments/inner/environments/staging", owner).at("/included") != "[]");
    // Now nothing is lacking.
    CHECK(change(staging + "/promote", R"({"from":"development","flags":["f"]})").at("/changes") == "[]");
}

TEST_CASE_METHOD(Promoting, "everything that differs is promoted, but for archived flags") {
    make_flag("old");
    configure("old", "development", R"({"enabled":true})");
    REQUIRE(patch(web + "/flags/old", owner, R"({"archived":true})", "*").status == 200);
    configure("f", "development", rule_on_segment);
    fill_segment("development", "alice");
    const auto done = change(web + "/environments/staging/promote", R"({"from":"development","all":true})");
    INFO(done.body);
    REQUIRE(done.status == 200);
    CHECK(done.at("/changes/0/flag") == "f");
    CHECK(done.at("/changes/1/segment") == "s");
    CHECK(done.at("/changes/2") == "");
}

TEST_CASE_METHOD(Promoting, "a promotion that cannot be made changes nothing") {
    configure("f", "development", R"({"enabled":true})");
    make_flag("gone");
    REQUIRE(del(web + "/flags/gone", owner, "*").status == 204);
    const auto staging = web + "/environments/staging/promote";
    const auto count = entries();
    CHECK(change(staging, R"({"from":"none","flags":["f"]})").errors() == Errors{"/from unknown_environment"});
    CHECK(change(staging, R"({"from":"staging","flags":["f"]})").errors() == Errors{"/from same_environment"});
    CHECK(change(staging, R"({"from":"development","flags":["f","gone"],"segments":["none"]})").errors() ==
          Errors{"/flags/1 unknown_flag", "/segments/0 unknown_segment"});
    const auto seen = version("development");
    configure("g", "development", R"({"enabled":true})");
    const auto moved = change(staging, R"({"from":"development","from_version":")" + seen + R"(","flags":["f"]})");
    CHECK(moved.status == 409);
    CHECK(moved.errors() == Errors{"/from_version changed"});
    CHECK(config("f", "staging", "/enabled") == "false");
    CHECK(std::stoi(entries()) == std::stoi(count) + 1);  // of the change of g
    CHECK(change(staging, R"({"from":"development","from_version":")" + version("development") + R"(","flags":["f"]})")
              .status == 200);
    CHECK(config("f", "staging", "/enabled") == "true");
}

TEST_CASE_METHOD(Promoting, "promotions and rollbacks take their comment in the body or in the query, not in both") {
    const auto then = version("development");
    configure("f", "development", R"({"enabled":true})");
    const auto promotion = R"({"from":"development","flags":["f"],"comment":"after the tests"})";
    const auto rollback = R"({"version":")" + then + R"(","flags":["f"],"comment":"too early"})";
    const Errors both{"/comment malformed"};
    CHECK(change(production + "/promote?comment=why", promotion).errors() == both);
    CHECK(change(development + "/rollback?comment=why", rollback).errors() == both);
    CHECK(change(production + "/promote",
                 R"({"from":"development","flags":["f"],"comment":")" + std::string(1001, 'x') + "\"}")
              .errors() == Errors{"/comment too_long"});
    CHECK(change(production + "/promote", promotion, "*").status == 200);
    CHECK(change(development + "/rollback", rollback).status == 200);
    CHECK(sql("SELECT comment FROM fanion.audit WHERE action = 'environment.promoted'") == "after the tests");
    CHECK(sql("SELECT comment FROM fanion.audit WHERE action = 'environment.rolled_back'") == "too early");
}
