// Undoing a change by a new one.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

const std::string staging = web + "/flags/f/environments/staging";

class AuditRevert : public ApiFixture {
public:
    AuditRevert() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    std::string newest() { return get(acme + "/audit?limit=1", owner).at("/items/0/entry/id"); }
    Reply revert(const std::string& id, const std::string& query = "") {
        return send({net::Method::post, acme + "/audit/" + id + "/revert" + query, owner});
    }
    std::string entries() { return sql("SELECT count(*) FROM fanion.audit"); }
    std::string owner;
};

using Errors = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(AuditRevert, "a change is undone by a change: published, and with an entry of its own") {
    REQUIRE(patch(staging, owner, R"({"enabled":true})").status == 200);
    const auto entry = newest();
    const auto undone = revert(entry, "?comment=too%20early");
    INFO(undone.body);
    REQUIRE(undone.status == 200);
    CHECK(undone.at("/enabled") == "false");
    CHECK(undone.header("Fanion-Ruleset-Version").starts_with("staging="));
    CHECK(get(staging, owner).at("/enabled") == "false");
    CHECK(get(staging, owner).at("/version") == "3");
    const auto made = get(acme + "/audit?limit=1", owner);
    CHECK(made.at("/items/0/entry/action") == "flag.configured");
    CHECK(made.at("/items/0/entry/comment") == "reverts " + entry + ": too early");
    CHECK(made.at("/items/0/entry/resource") == "projects/web/flags/f/environments/staging");
    CHECK(revert(newest()).at("/enabled") == "true");  // the undoing can be undone
}

TEST_CASE_METHOD(AuditRevert, "a dry run says what would change and changes nothing") {
    REQUIRE(patch(staging, owner, R"({"enabled":true})").status == 200);
    const auto entry = newest();
    const auto before = entries();
    const auto ruleset = get(web + "/environments/staging/ruleset", owner).body;
    const auto dry = revert(entry, "?dry_run=true");
    INFO(dry.body);
    REQUIRE(dry.status == 200);
    CHECK(dry.at("/change") == "restore");
    CHECK(dry.at("/result/enabled") == "false");
    CHECK(dry.at("/patch").find(R"({"op":"replace","path":"/enabled","value":false})") != std::string::npos);
    CHECK(dry.header("Fanion-Ruleset-Version").empty());
    CHECK(entries() == before);
    CHECK(get(staging, owner).at("/enabled") == "true");
    CHECK(get(web + "/environments/staging/ruleset", owner).body == ruleset);
    CHECK(revert(entry).status == 200);
}

TEST_CASE_METHOD(AuditRevert, "what changed since refuses it, and is named") {
    REQUIRE(patch(staging, owner, R"({"enabled":true})").status == 200);
    const auto entry = newest();
    REQUIRE(patch(staging, owner, R"({"fallthrough":{"variation":"off"}})").status == 200);
    const auto later = newest();
    const auto before = entries();
    const auto refused = revert(entry);
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Errors{"/fallthrough/variation changed_since", " changed_since"});
    CHECK(refused.at("/errors/1/item") == later);
    CHECK(revert(entry, "?dry_run=true").status == 409);
    CHECK(entries() == before);
    REQUIRE(revert(later).status == 200);
    CHECK(revert(entry).status == 200);  // as the later change is undone
    CHECK(get(staging, owner).at("/enabled") == "false");
}

TEST_CASE_METHOD(AuditRevert, "a definition, a member's role and a setting are undone alike") {
    REQUIRE(patch(web + "/flags/f", owner, R"({"name":"F","tags":["x"]})").status == 200);
    CHECK(revert(newest()).at("/name") == "");
    add_member(owner, "acme", "dev@example.com", "developer");
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'dev@example.com'");
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"admin"})").status == 200);
    const auto undone = revert(newest());
    INFO(undone.body);
    CHECK(undone.at("/role") == "developer");
    REQUIRE(put(acme + "/audit/settings", owner, R"({"retention_days":30})").status == 200);
    CHECK(revert(newest()).at("/retention_days") == "null");
}

TEST_CASE_METHOD(AuditRevert, "what was created is removed, unless it was changed since") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
    const auto entry = newest();
    const auto dry = revert(entry, "?dry_run=true");
    CHECK(dry.at("/change") == "remove");
    CHECK(get(web + "/flags/g", owner).status == 200);
    REQUIRE(patch(web + "/flags/g/environments/staging", owner, R"({"enabled":true})").status == 200);
    CHECK(revert(entry).status == 409);
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    CHECK(revert(newest()).status == 204);
    CHECK(get(web + "/segments/s", owner).status == 404);
    REQUIRE(post(web + "/environments/staging/keys", owner, R"({"kind":"server"})").status == 201);
    CHECK(revert(newest()).status == 204);
    CHECK(revert(newest()).errors() == Errors{" not_revertible"});  // a key that was revoked
}

TEST_CASE_METHOD(AuditRevert, "what cannot be undone is refused with the reason") {
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    CHECK(revert(newest()).errors() == Errors{" not_revertible"});
    CHECK(revert(get(acme + "/audit?action=member.joined", owner).at("/items/0/entry/id")).status == 409);
    CHECK(revert("a_none").status == 404);
    CHECK(revert(newest(), "?dry_run=yes").errors() == Errors{"?dry_run malformed"});
    CHECK(post(acme + "/audit/" + newest() + "/revert", owner, R"({"force":true})").status == 400);
    CHECK(post(acme + "/audit/" + newest() + "/revert", owner, "[]").status == 400);
}

TEST_CASE_METHOD(AuditRevert, "undoing takes the permission that the change takes") {
    const auto production = web + "/flags/f/environments/production";
    REQUIRE(patch(production, owner, R"({"enabled":true})", get(production, owner).etag()).status == 200);
    const auto entry = newest();
    const auto dev = add_member(owner, "acme", "dev@example.com", "developer");
    const auto path = acme + "/audit/" + entry + "/revert";
    CHECK(send({net::Method::post, path, dev}).status == 403);
    CHECK(send({net::Method::post, path, add_member(owner, "acme", "v@example.com", "viewer")}).status == 403);
    REQUIRE(put(acme + "/audit/settings", owner, R"({"retention_days":30})").status == 200);
    CHECK(send({net::Method::post, acme + "/audit/" + newest() + "/revert", dev}).status == 403);
    CHECK(get(production, owner).at("/enabled") == "true");
    CHECK(send({net::Method::post, path, owner}).status == 200);
}
