// ?dry_run=true, and what depends on a flag, a variation or a segment.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::f_in_development;
using test::flag_f;
using test::Reply;
using test::web;

namespace {

const std::string segment_s = web + "/segments/s";

class Previewing : public ApiFixture {
public:
    Previewing() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"t","environments":{"development":
            {"rules":[{"when":"segment 's'"}]}}})")
                    .status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"g","type":"boolean","environments":{"development":
            {"prerequisites":[{"flag":"f","variations":["on"]}],
             "rules":[{"id":"r1","when":"segment 's'","serve":{"variation":"off"}}]}}})")
                    .status == 201);
    }

    // Everything that a write could change.
    std::string state() {
        std::string text;
        for (const auto& path : {web + "/flags", web + "/segments", flag_f, f_in_development, segment_s,
                                 web + "/environments/development/ruleset", std::string("/api/v1/orgs/acme/audit")})
            text += get(path, owner).body + '\n';
        text += sql("SELECT string_agg(key || ' ' || version, ',' ORDER BY env_id) FROM fanion.environments");
        return text + sql("SELECT count(*) FROM fanion.outbox");
    }

    // The answer to a dry run, which changed nothing.
    Reply dry(net::Method method, const std::string& path, const std::string& body, const std::string& type = "") {
        const auto before = state();
        test::ApiRequest request{method,
                                 path + (path.find('?') == std::string::npos ? "?" : "&") + "dry_run=true",
                                 owner,
                                 body,
                                 {{"If-Match", "*"}}};
        if (!type.empty()) request.headers.emplace_back("Content-Type", type);
        auto reply = send(std::move(request));
        CHECK(state() == before);
        INFO(reply.body);
        CHECK(reply.header("Fanion-Ruleset-Version").empty());
        return reply;
    }

    std::string owner;
};

const std::string instructions_type = "application/vnd.fanion.instructions+json";

}  // namespace

TEST_CASE_METHOD(Previewing, "a dry run answers what would be stored, in words too, and stores nothing") {
    const auto reply = dry(net::Method::patch, f_in_development, R"({"enabled":true})");
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/dry_run") == "true");
    CHECK(reply.at("/result/enabled") == "true");
    CHECK(reply.at("/result/version") == "2");
    CHECK(reply.at("/changes") == R"(["Turns the flag on."])");
    CHECK(reply.at("/publishes") == R"(["development"])");
    CHECK(reply.at("/dependants/0/key") == "g");
    CHECK(reply.at("/dependants/0/pointer") == "/prerequisites/0");
    CHECK(reply.at("/dependants/1").empty());
    CHECK(reply.at("/warnings") == "[]");
    const auto instructed = dry(net::Method::patch, f_in_development,
                                R"({"instructions":[{"kind":"turn_on"},{"kind":"add_targets","variation":"on",
        "values":["ann"]}]})",
                                instructions_type);
    CHECK(instructed.at("/changes") == R"(["Turns the flag on.","Adds 1 target of `on`: `ann`."])");
    const auto nothing = dry(net::Method::patch, f_in_development, R"({"enabled":false})");
    CHECK(nothing.at("/changes") == "[]");
    CHECK(nothing.at("/publishes") == "[]");
    CHECK(nothing.at("/result/version") == "1");
}

TEST_CASE_METHOD(Previewing, "every write of flags and segments can be tried") {
    const auto created = dry(net::Method::post, web + "/flags", R"({"key":"h","type":"boolean"})");
    CHECK(created.status == 200);
    CHECK(created.at("/result/environments/production/enabled") == "false");
    CHECK(created.at("/changes") == R"(["Creates the boolean flag `h`."])");
    CHECK(get(web + "/flags/h", owner).status == 404);
    CHECK(dry(net::Method::post, web + "/segments", R"({"key":"u"})").at("/changes") ==
          R"(["Creates the segment `u`."])");
    CHECK(dry(net::Method::patch, flag_f, R"({"archived":false,"owner":"o"})").at("/changes") ==
          R"(["Sets the owner to `o`."])");
    CHECK(dry(net::Method::put, flag_f, get(flag_f, owner).body).at("/changes") == "[]");
    CHECK(dry(net::Method::put, f_in_development, get(f_in_development, owner).body).at("/changes") == "[]");
    CHECK(dry(net::Method::patch, segment_s, R"({"name":"N"})").at("/changes") == R"(["Sets the name to `N`."])");
    const auto members = dry(net::Method::patch, segment_s + "/environments/development",
                             R"({"included":[{"attribute":"targetingKey","values":["ann"]}]})");
    CHECK(members.at("/changes") == R"(["Includes 1 value: `ann`."])");
    CHECK(members.at("/dependants/0/place") == "rule `r1`");
    CHECK(members.at("/dependants/1/kind") == "segment");
    const auto deleted = dry(net::Method::del, web + "/flags/g", "");
    CHECK(deleted.status == 200);
    CHECK(deleted.at("/result") == "null");
    CHECK(deleted.at("/changes").find("Deletes the flag `g`") != std::string::npos);
}

TEST_CASE_METHOD(Previewing, "environments that the caller may not read are not named as published") {
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    REQUIRE(post("/api/v1/orgs/acme/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
    const auto place = web + "/environments/staging/assignments/" + get("/api/v1/auth/me", developer).at("/user/id");
    REQUIRE(put(place, owner, R"({"role":"none"})").status < 300);
    const std::string made = R"({"key":"h","type":"boolean"})";
    const auto preview = post(web + "/flags?dry_run=true", developer, made);
    INFO(preview.body);
    CHECK(preview.at("/publishes").find("development") != std::string::npos);
    CHECK(preview.at("/publishes").find("staging") == std::string::npos);
    const auto reply = post(web + "/flags", developer, made);
    REQUIRE(reply.status == 201);
    CHECK(reply.header("Fanion-Ruleset-Version").find("development=") != std::string::npos);
    CHECK(reply.header("Fanion-Ruleset-Version").find("production=") != std::string::npos);
    CHECK(reply.header("Fanion-Ruleset-Version").find("staging") == std::string::npos);
    const auto all = post(web + "/flags", owner, R"({"key":"i","type":"boolean"})");
    CHECK(all.header("Fanion-Ruleset-Version").find("staging=") != std::string::npos);
}

TEST_CASE_METHOD(Previewing, "a dry run is refused as the write would be") {
    CHECK(dry(net::Method::patch, f_in_development, R"({"fallthrough":{"variation":"blue"}})").status == 422);
    CHECK(dry(net::Method::patch, f_in_development, R"({"speed":1})").status == 400);
    CHECK(dry(net::Method::del, flag_f, "").status == 409);
    CHECK(dry(net::Method::post, web + "/flags", R"({"key":"f","type":"boolean"})").status == 409);
    CHECK(patch(f_in_development + "?dry_run=true", owner, R"({"enabled":true})", "\"9\"").status == 412);
    CHECK(patch(f_in_development + "?dry_run=maybe", owner, R"({"enabled":true})").status == 400);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(patch(f_in_development + "?dry_run=true", viewer, R"({"enabled":true})").status == 403);
    const auto f_in_production = flag_f + "/environments/production";  // protected: changing it takes edit_protected
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    CHECK(patch(f_in_production + "?dry_run=true", developer, R"({"enabled":true})", "*").status == 200);
    CHECK(patch(f_in_production + "?dry_run=true", viewer, R"({"enabled":true})").status == 403);
    CHECK(patch(f_in_production, developer, R"({"enabled":true})", "*").status == 403);
    const auto strict = patch(f_in_development + "?dry_run=true&strict=true", owner,
                              R"({"enabled":true,"rules":[{"when":{"any":[]},"serve":{"variation":"on"}}]})");
    CHECK(strict.status == 422);
    CHECK(get(f_in_development, owner).at("/version") == "1");
    CHECK(patch(f_in_development + "?dry_run=false", owner, R"({"enabled":true})").at("/version") == "2");
}

TEST_CASE_METHOD(Previewing, "undoing a change of a protected environment is tried by whoever may ask for it") {
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    REQUIRE(patch(flag_f + "/environments/production", owner, R"({"enabled":true})", "*").status == 200);
    const auto entries = get("/api/v1/orgs/acme/audit?resource=projects/web/flags/f/environments/production", owner);
    const auto revert = "/api/v1/orgs/acme/audit/" + entries.at("/items/0/entry/id") + "/revert";
    CHECK(post(revert + "?dry_run=true", developer, "").status == 200);
    CHECK(post(revert + "?dry_run=true", viewer, "").status == 403);
    CHECK(post(revert, developer, "").status == 403);
    CHECK(post(revert, owner, "").status == 200);
}

TEST_CASE_METHOD(Previewing, "uses of a flag, of a variation, and of a segment") {
    const auto of_flag = get(flag_f + "/uses", owner);
    REQUIRE(of_flag.status == 200);
    CHECK(of_flag.body == R"({"items":[{"kind":"flag","key":"g","archived":false,"environment":"development",)"
                          R"("pointer":"/prerequisites/0","place":"the prerequisites"}],"has_more":false})");
    CHECK(get(flag_f + "/uses?environment=production", owner).at("/items") == "[]");
    CHECK(get(web + "/flags/g/uses", owner).at("/items") == "[]");

    const auto of_on = get(flag_f + "/uses?variation=on&environment=development", owner);
    CHECK(of_on.at("/items/0/pointer") == "/fallthrough");
    CHECK(of_on.at("/items/0/key") == "f");
    CHECK(of_on.at("/items/1/key") == "g");
    CHECK(of_on.at("/items/2").empty());
    const auto of_off = get(flag_f + "/uses?variation=off", owner);
    CHECK(of_off.at("/items/0/place") == "`off`");
    CHECK(of_off.at("/items/2/environment") == "production");
    CHECK(of_off.at("/items/3").empty());

    const auto of_segment = get(segment_s + "/uses", owner);
    CHECK(of_segment.at("/items/0/key") == "g");
    CHECK(of_segment.at("/items/0/pointer") == "/rules/0/when");
    CHECK(of_segment.at("/items/1/kind") == "segment");
    CHECK(of_segment.at("/items/1/key") == "t");
    CHECK(of_segment.at("/items/2").empty());

    CHECK(get(flag_f + "/uses?variation=blue", owner).status == 404);
    const auto nowhere = get(flag_f + "/uses?environment=nowhere", owner);
    CHECK(nowhere.status == 404);
    CHECK(nowhere.errors() == std::vector<std::string>{"?environment not_found"});
    CHECK(get(web + "/flags/nothing/uses", owner).status == 404);
    CHECK(get(segment_s + "/uses?variation=on", owner).status == 400);
}

TEST_CASE_METHOD(Previewing, "an archived flag still uses what it would need when it is restored") {
    REQUIRE(patch(web + "/flags/g", owner, R"({"archived":true})", "*").status == 200);
    CHECK(get(flag_f + "/uses", owner).at("/items/0/archived") == "true");
    REQUIRE(del(web + "/flags/g", owner, "*").status == 204);
    CHECK(get(flag_f + "/uses", owner).at("/items") == "[]");
}
