// An environment that wants approvals is changed by approved requests only, whatever the route.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

namespace {

const Errors refused{" approval_required"};

}  // namespace

TEST_CASE_METHOD(Reviewed, "the number of approvals is a setting of the environment") {
    const auto path = production + "/approvals";
    const auto present = get(path, author);
    CHECK(present.body == R"({"required":1})");
    CHECK(put(path, author, R"({"required":2})").status == 403);
    for (const std::string body : {R"({"required":11})", R"({"required":-1})", R"({"required":"2"})", "{}"}) {
        const auto reply = put(path, owner, body);
        CAPTURE(body, reply.body);
        CHECK(reply.status == 400);
        CHECK(reply.errors().at(0).starts_with("/required "));
    }
    CHECK(put(path, owner, R"({"required":2})", "\"0\"").status == 412);
    const auto changed = put(path, owner, R"({"required":2})", present.etag());
    CHECK(changed.status == 200);
    CHECK(changed.body == R"({"required":2})");
    CHECK(count("environment.updated") == "2");
    CHECK(put(path, owner, R"({"required":2})").status == 200);
    CHECK(count("environment.updated") == "2");
    CHECK(get(web + "/environments/none/approvals", owner).status == 404);
}

TEST_CASE_METHOD(Reviewed, "who may not do without approvals may not ask for fewer") {
    REQUIRE(post("/api/v1/orgs/acme/roles", owner,
                 R"({"key":"keeper","name":"k","permissions":["read","manage_environments"]})")
                .status == 201);
    const auto keeper = add_member(owner, "acme", "keeper@example.com", "keeper");
    const auto path = production + "/approvals";
    CHECK(put(path, keeper, R"({"required":2})").status == 200);
    CHECK(put(path, keeper, R"({"required":1})").status == 403);
    CHECK(get(path, owner).at("/required") == "2");
}

TEST_CASE_METHOD(Reviewed, "no route changes the environment without a request") {
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    REQUIRE(patch(web + "/segments/s/environments/staging", owner,
                  R"({"included":[{"attribute":"targetingKey","values":["a"]}]})")
                .status == 200);
    const auto version = get(production, owner).at("/ruleset_version");
    const auto tag = get(production, owner).etag();
    const auto entries = sql("SELECT count(*) FROM fanion.audit WHERE action <> 'request.refused'");
    const auto refuses = [&](const test::Reply& reply) {
        INFO(reply.body);
        CHECK(reply.status == 409);
        CHECK(reply.errors() == refused);
    };
    refuses(patch(web + "/flags/f/environments/production", owner, R"({"enabled":true})", "*"));
    refuses(patch(web + "/segments/s/environments/production", owner,
                  R"({"included":[{"attribute":"targetingKey","values":["a"]}]})", "*"));
    refuses(patch(web + "/flags/f", owner, R"({"archived":true})", "*"));
    refuses(patch(web + "/flags/f", owner, R"({"client":true})", "*"));
    refuses(del(web + "/flags/f", owner, "*"));
    refuses(del(web + "/segments/s", owner, "*"));
    refuses(post(web + "/bulk", owner,
                 R"({"changes":[{"flags":["f"],"environment":"production","versions":{"f":1},)"
                 R"("instructions":[{"kind":"turn_on"}]}]})"));
    refuses(send({net::Method::post,
                  production + "/promote",
                  owner,
                  R"({"from":"development","flags":["f"]})",
                  {{"If-Match", tag}}}));
    refuses(
        post(web + "/flags", owner, R"({"key":"n","type":"boolean","environments":{"production":{"enabled":true}}})"));
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action <> 'request.refused'") == entries);
    CHECK(get(production, owner).at("/ruleset_version") == version);
}

TEST_CASE_METHOD(Reviewed, "going back is a change as well") {
    want_approvals(0);
    const auto then = get(production, owner).at("/ruleset_version");
    const auto reply = patch(web + "/flags/f/environments/production", owner, R"({"enabled":true})", "*");
    REQUIRE(reply.status == 200);
    const auto entry = sql("SELECT id FROM fanion.audit WHERE action = 'flag.configured'");
    want_approvals(1);
    const auto back = send({net::Method::post,
                            production + "/rollback",
                            owner,
                            R"({"version":")" + then + "\"}",
                            {{"If-Match", get(production, owner).etag()}}});
    CHECK(back.errors() == refused);
    CHECK(post("/api/v1/orgs/acme/audit/" + entry + "/revert", owner, "").errors() == refused);
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "what needs no approval") {
    // Other environments, what does not reach evaluations, and what nobody can have used yet.
    CHECK(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    CHECK(patch(web + "/flags/f", owner, R"({"description":"d"})", "*").status == 200);
    CHECK(post(web + "/flags", owner, R"({"key":"n","type":"boolean"})").status == 201);
    CHECK(post(web + "/segments", owner, R"({"key":"t"})").status == 201);
    CHECK(post(production + "/keys", owner, R"({"kind":"server"})").status == 201);
    CHECK(patch(web + "/flags/f/environments/production", owner, R"({"enabled":false})", "*").status == 200);
    // A dry run says that it would.
    const auto dry = patch(web + "/flags/f/environments/production?dry_run=true", owner, R"({"enabled":true})", "*");
    CHECK(dry.status == 200);
    CHECK(dry.at("/warnings/0/code") == "approval_required");
}

TEST_CASE_METHOD(Reviewed, "dry runs of a promotion and of a rollback say that they take approvals") {
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    const std::string all = R"({"from":"development","flags":["f"]})";
    const auto promoted = post(production + "/promote?dry_run=true", owner, all);
    INFO(promoted.body);
    CHECK(promoted.status == 200);
    CHECK(promoted.at("/warnings/0/code") == "approval_required");
    CHECK(post(web + "/environments/staging/promote?dry_run=true", owner, all).at("/warnings") == "[]");
    const auto version = get(production + "/versions?limit=1", owner).at("/items/0/version");
    const auto back = R"({"version":")" + version + R"(","flags":["f"]})";
    CHECK(post(production + "/rollback?dry_run=true", owner, back).at("/warnings") == "[]");  // nothing changes
    force(set_enabled("f", true));
    const auto rolled_back = post(production + "/rollback?dry_run=true", owner, back);
    INFO(rolled_back.body);
    CHECK(rolled_back.at("/warnings/0/code") == "approval_required");
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "the undoing of an entry is asked for as any other change") {
    force(set_enabled("f", true));
    const auto entry = get("/api/v1/orgs/acme/audit?limit=1&action=flag.configured", owner).at("/items/0/entry/id");
    const auto revert = "/api/v1/orgs/acme/audit/" + entry + "/revert";
    CHECK(post(revert, owner, "").errors() == Errors{" approval_required"});
    const auto dry = post(revert + "?dry_run=true", owner, "");
    INFO(dry.body);
    REQUIRE(dry.status == 200);
    CHECK(dry.at("/as_change/method") == "PUT");
    CHECK(dry.at("/as_change/comment") == "reverts " + entry);
    const auto request = asked(dry.at("/as_change"));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto applied = apply(request);
    INFO(applied.body);
    CHECK(applied.status == 200);
    CHECK(enabled("f") == "false");
}
