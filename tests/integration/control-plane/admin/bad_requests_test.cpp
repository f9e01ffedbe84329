// Invalid requests, and the places that their problems report.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::f_in_development;
using test::web;
using Errors = std::vector<std::string>;

namespace {

class Refusals : public ApiFixture {
public:
    Refusals() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Refusals, "a problem has the form of RFC 9457 and contains the request id") {
    const auto reply = send({net::Method::get, web + "/flags/none", owner, "", {{"X-Request-Id", "my-request"}}});
    CHECK(reply.status == 404);
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK(reply.at("/status") == "404");
    CHECK_FALSE(reply.at("/title").empty());
    CHECK(reply.at("/request_id") == "my-request");
    CHECK(reply.header("X-Request-Id") == "my-request");
    CHECK_FALSE(get(web, owner).header("X-Request-Id").empty());
}

TEST_CASE_METHOD(Refusals,
                 "bodies must be well-formed JSON objects with the JSON content type and without duplicate members") {
    const auto typed = [&](const char* type, const char* body) {
        return send({net::Method::post, web + "/flags", owner, body, {{"Content-Type", type}}});
    };
    CHECK(typed("text/plain", "{}").status == 415);
    CHECK(typed("text/plain", "{}").errors() == Errors{"Content-Type unsupported_type"});
    CHECK(typed("application/merge-patch+json", "{}").status == 415);  // a POST is not a patch
    CHECK(typed("application/json; charset=utf-8", R"({"key":"g","type":"boolean"})").status == 201);
    CHECK(post(web + "/flags", owner, "{").status == 400);
    CHECK(post(web + "/flags", owner, "[]").errors() == Errors{" wrong_type"});
    CHECK(post(web + "/flags", owner, R"({"key":"x","key":"y","type":"boolean"})").errors() ==
          Errors{"/key duplicate_field"});
    CHECK(patch(f_in_development, owner, R"({"fallthrough":{"variation":"on","variation":"off"}})").errors() ==
          Errors{"/fallthrough/variation duplicate_field"});
    CHECK(post(web + "/flags", owner, std::string(40, '[') + std::string(40, ']')).status == 400);
    CHECK(post(web + "/flags", owner, "{\"key\":\"\xff\"}").status == 400);
    CHECK(post(web + "/flags", owner, "").status == 415);
}

TEST_CASE_METHOD(Refusals, "what is refused before a body is looked at has its place, too") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto refused = [&](net::Method method, const std::string& path, const std::string& token, unsigned status,
                             const char* error) {
        const auto reply = send({method, path, token, method == net::Method::get ? "" : "{}"});
        INFO(path);
        CHECK(reply.status == status);
        CHECK(reply.errors() == Errors{error});
    };
    refused(net::Method::get, web, "", 401, "Authorization unauthenticated");
    refused(net::Method::get, web, "fan_pat_none", 401, "Authorization unauthenticated");
    refused(net::Method::post, web + "/segments", viewer, 403, "Authorization forbidden");
    refused(net::Method::patch, web + "/flags", owner, 405, ":method method_not_allowed");
    refused(net::Method::get, "/api/v1/nothing", owner, 404, ":path not_found");
    const auto large = post(web + "/flags", owner, std::string(2u * 1024 * 1024 + 1, ' '));
    CHECK(large.status == 413);
    CHECK(large.errors() == Errors{" too_large"});
    CHECK(large.at("/errors/0/detail") == "the request's body is larger than 2097152 bytes");
    refused(net::Method::get, web + "/flags/a%zz", owner, 400, "{flag} malformed");
    refused(net::Method::get, "/api/v1/orgs/acme/projects/%", owner, 400, "{project} malformed");
    refused(net::Method::get, web + "/flags?limit=%g0", owner, 400, "?limit malformed");
    refused(net::Method::get, web + "/flags?l%=1", owner, 400, "?l% malformed");
    CHECK(post("/api/v1/auth/login", "", R"({"email":"owner@example.com","password":"not the password"})").errors() ==
          Errors{" wrong_credentials"});
    CHECK(post("/api/v1/auth/refresh", "", R"({"refresh_token":"none"})").errors() ==
          Errors{"/refresh_token wrong_token"});
}

TEST_CASE_METHOD(Refusals, "what does not exist is named as in the path") {
    CHECK(get(web + "/flags/none", owner).errors() == Errors{"{flag} not_found"});
    CHECK(get(web + "/environments/none/keys", owner).errors() == Errors{"{env} not_found"});
    CHECK(get("/api/v1/orgs/none/projects", owner).errors() == Errors{"{org} not_found"});
    CHECK(post("/api/v1/orgs/none/restore", owner, "{}").errors() == Errors{"{org} not_found"});
    CHECK(get(web + "/environments/production/requests/none", owner).errors() == Errors{"{request} not_found"});
}

TEST_CASE_METHOD(Refusals, "U+0000 is refused with its place, in every body") {
    CHECK(post(web + "/flags", owner, R"({"key":"nul","type":"boolean","name":"a\u0000b"})").errors() ==
          Errors{"/name bad_character"});
    CHECK(
        patch(f_in_development, owner, R"({"targets":[{"attribute":"a","values":["x","a\u0000b"],"variation":"on"}]})")
            .errors() == Errors{"/targets/0/values/1 bad_character"});
    CHECK(
        post(web + "/flags", owner, R"({"key":"nul","type":"json","variations":[{"key":"a","value":{"b":"\u0000"}}]})")
            .errors() == Errors{"/variations/0/value/b bad_character"});
    CHECK(post(web + "/segments", owner, R"({"key":"s","description":"\u0000"})").errors() ==
          Errors{"/description bad_character"});
    CHECK(get(web + "/flags", owner).status == 200);
}

TEST_CASE_METHOD(Refusals, "a flag that holds U+0000 already does not disturb the others and can be changed") {
    REQUIRE(
        put(f_in_development, owner, R"({"targets":[{"attribute":"a","values":["x-y"],"variation":"on"}]})").status ==
        200);
    sql(R"(UPDATE fanion.flag_configs SET config = replace(config, 'x-y', 'x\u0000y'))");
    sql(R"(UPDATE fanion.flags SET variations = replace(variations, 'true', '"\u0000"'))");
    const auto list = get(web + "/flags", owner);
    INFO(list.body);
    CHECK(list.status == 200);
    CHECK(list.at("/items/0/environments/development/enabled") == "false");
    CHECK(get(f_in_development, owner).status == 200);
    sql(R"(UPDATE fanion.flags SET variations = replace(variations, '"\u0000"', 'true'))");
    CHECK(patch(f_in_development, owner, R"({"enabled":true})").status == 200);
    CHECK(get(web + "/flags", owner).at("/items/0/environments/development/enabled") == "true");
    CHECK(patch(f_in_development, owner, R"({"targets":[]})").status == 200);
    CHECK(get(f_in_development, owner).at("/targets") == "[]");
}

TEST_CASE_METHOD(Refusals, "a path or a query that is not text is refused with its place") {
    const auto bad = [](const char* place) { return Errors{std::string(place) + " bad_character"}; };
    CHECK(get(web + "/flags/%FF", owner).errors() == bad("{flag}"));
    CHECK(get(web + "/flags/a%00b", owner).errors() == bad("{flag}"));
    CHECK(get(web + "/segments/%C0%80", owner).errors() == bad("{segment}"));
    CHECK(get(web + "/environments/%FF/stats", owner).errors() == bad("{env}"));
    CHECK(get(web + "/flags?q=%FF", owner).errors() == bad("?q"));
    CHECK(get(web + "/flags?q=%00", owner).errors() == bad("?q"));
    CHECK(get(web + "/flags?%FF=1", owner).errors() == bad("?%FF"));
    CHECK(get("/api/v1/orgs/%FF", owner).status == 404);
    CHECK(get("/api/v1/orgs/a%00", owner).status == 404);
}

TEST_CASE_METHOD(Refusals, "errors in the body are reported with pointers into it") {
    const auto rules =
        R"({"enabled":1,"rules":[{"when":{"attribute":"a","op":"matches","values":[]},"serve":{"variation":"on"}},
        {"when":{"all":[]},"serve":{"variation":"on","split":{}}}],"color":"red"})";
    const auto errors = patch(f_in_development, owner, rules).errors();
    for (const auto* place : {"/enabled wrong_type", "/color unknown_field"}) {
        INFO(place);
        CHECK(std::find(errors.begin(), errors.end(), place) != errors.end());
    }
    CHECK(std::any_of(errors.begin(), errors.end(), [](const auto& e) { return e.starts_with("/rules/0/when"); }));
    CHECK(std::any_of(errors.begin(), errors.end(), [](const auto& e) { return e.starts_with("/rules/1/serve"); }));
}

TEST_CASE_METHOD(Refusals,
                 "a change that a relay could not load is refused with its place in the body, and changes nothing") {
    const auto before = get(f_in_development, owner);
    const auto place = [&](const char* body) {
        const auto reply = patch(f_in_development, owner, body);
        INFO(reply.body);
        CHECK(reply.status == 422);
        REQUIRE_FALSE(reply.errors().empty());
        CHECK(reply.at("/errors/0/item").empty());
        return reply.errors()[0];
    };
    CHECK(place(R"({"fallthrough":{"variation":"blue"}})") == "/fallthrough/variation unknown_reference");
    CHECK(place(R"({"off":"blue"})") == "/off unknown_reference");
    CHECK(place(R"({"prerequisites":[{"flag":"none","variations":["on"]}]})") ==
          "/prerequisites/0/flag unknown_reference");
    CHECK(place(R"({"prerequisites":[{"flag":"f","variations":["on"]}]})").find("cycle") != std::string::npos);
    CHECK(
        place(
            R"({"rules":[{"when":{"attribute":"a","op":"matches_regex","values":["("]},"serve":{"variation":"on"}}]})") ==
        "/rules/0/when/values/0 bad_regex");
    CHECK(place(R"({"rules":[{"when":{"op":"in_segment","values":["none"]},"serve":{"variation":"on"}}]})") ==
          "/rules/0/when/values/0 unknown_reference");
    CHECK(get(f_in_development, owner).body == before.body);
    const auto created =
        post(web + "/flags", owner,
             R"({"key":"g","type":"boolean","environments":{"staging":{"fallthrough":{"variation":"x"}}}})");
    CHECK(created.status == 422);
    CHECK(created.errors() == Errors{"/environments/staging/fallthrough/variation unknown_reference"});
    CHECK(get(web + "/flags/g", owner).status == 404);
}

TEST_CASE_METHOD(Refusals,
                 "something that another flag depends on cannot be removed, and the problem names that flag") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"needs-f","type":"boolean","environments":{"production":{
        "prerequisites":[{"flag":"f","variations":["on"]}]}}})")
                .status == 201);
    const auto reply = del(web + "/flags/f", owner, "\"1\"");
    CHECK(reply.status == 409);
    CHECK(reply.at("/errors/0/item") == "flag/needs-f");
    CHECK(reply.at("/errors/0/detail") == "this refers to `flag/f` and would miss it (in environment production)");
    CHECK(patch(web + "/flags/f", owner, R"({"archived":true})", "\"1\"").at("/errors/0/detail") ==
          "this refers to `flag/f` and would miss it (in environment production)");
    const auto variations = R"({"variations":[{"key":"yes","value":true}]})";
    const auto changed = patch(web + "/flags/f", owner, variations, "\"1\"");
    CHECK(changed.status == 422);
    CHECK(get(web + "/flags/f", owner).etag() == "\"1\"");
}

TEST_CASE_METHOD(Refusals, "an archived flag's configuration is checked, but for what was wrong before") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    REQUIRE(patch(f_in_development, owner, R"({"rules":[{"when":"segment 's'","serve":{"variation":"on"}}]})").status ==
            200);
    REQUIRE(patch(web + "/flags/f", owner, R"({"archived":true})", "\"1\"").status == 200);
    CHECK(patch(f_in_development, owner, R"({"fallthrough":{"variation":"blue"}})").errors() ==
          Errors{"/fallthrough/variation unknown_reference"});
    CHECK(patch(web + "/flags/f", owner, R"({"variations":[{"key":"on","value":true}]})", "*").status == 422);
    REQUIRE(del(web + "/segments/s", owner, "\"1\"").status == 204);  // nothing in a ruleset refers to it
    CHECK(patch(f_in_development, owner, R"({"enabled":true})").status == 200);
    CHECK(patch(f_in_development, owner, R"({"off":"blue"})").status == 422);
    CHECK(patch(f_in_development, owner, R"({"rules":[]})").status == 200);
    CHECK(patch(web + "/flags/f", owner, R"({"archived":false})", "*").status == 200);
}

TEST_CASE_METHOD(Refusals, "unknown query parameters are refused by name") {
    CHECK(get(web + "/flags?dry_run=true", owner).errors() == Errors{"?dry_run unknown_parameter"});
    CHECK(get(web + "/flags?limit=1&limit=2", owner).errors() == Errors{"?limit duplicate_parameter"});
    CHECK(get(web + "/flags?limit=0", owner).errors() == Errors{"?limit out_of_range"});
    CHECK(get(web + "/flags?cursor=%21", owner).errors() == Errors{"?cursor bad_cursor"});
    CHECK(send({net::Method::post, "/api/v1/auth/login?next=/", "", "{}"}).status == 400);
}

TEST_CASE_METHOD(Refusals, "other methods and paths do not exist") {
    const auto reply = send({net::Method::del, web + "/flags", owner});
    CHECK(reply.status == 405);
    CHECK(reply.header("Allow").find("GET") != std::string::npos);
    CHECK(get("/api/v1/nothing", owner).status == 404);
    CHECK(get("/api/v1/orgs/acme/projects/none/flags", owner).status == 404);
    CHECK(get(web + "/environments/none", owner).status == 404);
}
