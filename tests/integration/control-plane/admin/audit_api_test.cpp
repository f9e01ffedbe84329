// The audit log is complete, in order, and a chain.

#include <algorithm>
#include <catch2/catch.hpp>

#include "control-plane/audit/entry.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::web;

namespace {

class AuditLog : public ApiFixture {
public:
    AuditLog() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    // The whole chain, oldest first, read from the API.
    std::vector<cp::audit::ChainLink> chain() {
        std::vector<cp::audit::ChainLink> links;
        std::string cursor;
        do {
            const auto page =
                get(acme + "/audit?canonical=true&limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor), owner);
            REQUIRE(page.status == 200);
            for (int i = 0; !page.at("/items/" + std::to_string(i)).empty(); ++i) {
                const auto item = "/items/" + std::to_string(i);
                links.push_back({std::stoull(page.at(item + "/seq")), page.at(item + "/canonical"),
                                 *sha256_from_hex(page.at(item + "/previous")),
                                 *sha256_from_hex(page.at(item + "/hash"))});
            }
            cursor = page.at("/next") == "null" ? "" : page.at("/next");
        } while (!cursor.empty());
        std::reverse(links.begin(), links.end());
        return links;
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(AuditLog, "every change has an entry, nothing else does, and the chain is valid") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto place = web + "/flags/f/environments/development";
    REQUIRE(patch(place, owner, R"({"enabled":true})").status == 200);
    REQUIRE(patch(place, owner, R"({"enabled":true})").status == 200);  // nothing changes
    REQUIRE(patch(place, owner, R"({"off":"x"})").status == 422);       // refused
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    REQUIRE(post(web + "/environments/staging/keys", owner, R"({"kind":"server"})").status == 201);
    REQUIRE(del(web + "/segments/s", owner, "\"1\"").status == 204);
    const auto links = chain();
    std::vector<std::string> actions;
    for (const auto& link : links) {
        json::Document entry;
        REQUIRE(entry.parse(link.canonical));
        actions.emplace_back(entry.root().find("action").as_string());
    }
    CHECK(actions == std::vector<std::string>{"member.joined", "project.created", "flag.created", "flag.configured",
                                              "segment.created", "key.created", "segment.deleted"});
    CHECK(links.front().seq == 1);
    CHECK_FALSE(cp::audit::first_broken(links));
    auto forged = links;
    forged[3].canonical.replace(forged[3].canonical.find("u_"), 2, "x_");
    CHECK(cp::audit::first_broken(forged) == 4);
}

TEST_CASE_METHOD(AuditLog, "an entry says who did what, from where, with the state before and after") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto place = web + "/flags/f/environments/development";
    const auto body = R"({"enabled":true})";
    const auto changed = send({net::Method::patch, place, owner, body, {{"X-Request-Id", "r-1"}}});
    REQUIRE(changed.status == 200);
    const auto entries = get(acme + "/audit?limit=1&resource=projects/web/flags/f", owner);
    CHECK(entries.at("/items/0/entry/action") == "flag.configured");
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/f/environments/development");
    CHECK(entries.at("/items/0/entry/actor_id") == get("/api/v1/auth/me", owner).at("/user/id"));
    CHECK_FALSE(entries.at("/items/0/entry/credential_id").empty());
    CHECK(entries.at("/items/0/entry/before/enabled") == "false");
    CHECK(entries.at("/items/0/entry/patch/0/path") == "/enabled");
    CHECK(entries.at("/items/0/entry/patch/0/value") == "true");
    auto after = changed.body;  // warnings are about the change, not of the resource
    const std::string_view warnings = ",\"warnings\":[]";
    REQUIRE(after.find(warnings) != std::string::npos);
    after.erase(after.find(warnings), warnings.size());
    CHECK(entries.at("/items/0/entry/after") == after);
    CHECK(entries.at("/items/0/entry/request_id") == "r-1");
    CHECK(entries.at("/items/0/entry/peer") == "127.0.0.1");
    CHECK(entries.at("/items/0/entry/actor_email") == "owner@example.com");
    CHECK(entries.at("/items/0/entry/at").ends_with("Z"));
    CHECK(entries.at("/items/0/canonical").empty());
    CHECK(entries.at("/items/0/entry/published/development") ==
          changed.header("Fanion-Ruleset-Version").substr(std::string("development=").size()));
    CHECK(get(acme + "/audit?limit=1&canonical=true", owner).at("/items/0/canonical").find(R"("at":17)") !=
          std::string::npos);
}

TEST_CASE_METHOD(AuditLog, "a resource filter selects a resource and those below it, and must be one that exists") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    for (const auto* key : {"f", "f-2", "f.2", "f0", "g"}) {
        REQUIRE(post(web + "/flags", owner, R"({"type":"boolean","key":")" + std::string(key) + "\"}").status == 201);
    }
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    const auto found = get(acme + "/audit?resource=projects/web/flags/f", owner);
    CHECK(found.at("/items/0/entry/action") == "flag.configured");
    CHECK(found.at("/items/1/entry/action") == "flag.created");
    CHECK(found.at("/items/1/entry/resource") == "projects/web/flags/f");
    CHECK(found.at("/items/2").empty());
    for (const auto* empty :
         {"projects/web/flags/g/environments/staging", "projects/web/environments/staging", "keys"}) {
        INFO(empty);
        CHECK(get(acme + "/audit?resource=" + empty, owner).at("/items") == "[]");
    }
    for (const auto* none : {"projects/web/flags/ff", "projects/shop", "flags/f", "projects/web/flags/f/", "keys/none",
                             "projects/web/flags/f/environments/none", "members/u_none"}) {
        INFO(none);
        CHECK(get(acme + "/audit?resource=" + none, owner).errors() ==
              std::vector<std::string>{"?resource unknown_resource"});
    }
}

TEST_CASE_METHOD(AuditLog, "every write takes a comment") {
    REQUIRE(post(acme + "/projects?comment=a%20new%20start", owner, R"({"key":"web"})").status == 201);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/comment") == "a new start");
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    REQUIRE(
        patch(web + "/flags/f/environments/staging?strict=false&comment=why", owner, R"({"enabled":true})").status ==
        200);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/comment") == "why");
    REQUIRE(del(web + "/flags/f?comment=%C3%BCber", owner, "*").status == 204);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/comment") ==
          "\xC3\xBC"
          "ber");
    CHECK(post(acme + "/projects?comment=" + std::string(1'001, 'x'), owner, R"({"key":"shop"})").errors() ==
          std::vector<std::string>{"?comment too_long"});
    CHECK(get(acme + "/projects?comment=x", owner).errors() == std::vector<std::string>{"?comment unknown_parameter"});
}

TEST_CASE_METHOD(AuditLog,
                 "what a new flag or segment publishes is in its entry, and so is what a deletion takes away") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    const auto made =
        post(web + "/flags", owner, R"({"key":"f","type":"boolean","environments":{"production":{"enabled":true}}})");
    REQUIRE(made.status == 201);
    auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/after/key") == "f");
    CHECK(entry.at("/items/0/entry/after/environments/production") ==
          get(web + "/flags/f/environments/production", owner).body);
    CHECK(entry.at("/items/0/entry/after/environments/staging/enabled") == "false");
    CHECK(made.header("Fanion-Ruleset-Version").find("production=" + entry.at("/items/0/entry/published/production")) !=
          std::string::npos);
    REQUIRE(post(web + "/segments", owner,
                 R"({"key":"s","environments":{"production":{"included":[{"attribute":"a","values":["x"]}]}}})")
                .status == 201);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/after/environments/production/included/0/values/0") ==
          "x");
    const auto held = get(web + "/flags/f/environments/production", owner).body;
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/before/environments/production") == held);
    CHECK_FALSE(entry.at("/items/0/entry/published/production").empty());
    REQUIRE(del(web + "/segments/s", owner, "*").status == 204);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/before/environments/production/included/0/values/0") ==
          "x");
}

TEST_CASE_METHOD(AuditLog, "an edit of a large segment costs the log the edit, and a page ends at a size") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    const auto members = [](int count) {
        std::string values;
        for (int i = 0; i < count; ++i) values += (i > 0 ? ",\"user-" : "\"user-") + std::to_string(i) + '"';
        return R"({"included":[{"attribute":"targetingKey","values":[)" + values + "]}]}";
    };
    const auto place = web + "/segments/s/environments/development";
    REQUIRE(put(place, owner, members(20'000)).status == 200);
    const auto before = get(place, owner).body;
    REQUIRE(put(place, owner, members(20'001)).status == 200);
    const auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.body.size() < 5'000);
    CHECK(entry.at("/items/0/entry/before") == "null");
    CHECK(entry.at("/items/0/entry/before_sha256") == to_hex(sha256(before)));
    CHECK(entry.at("/items/0/entry/patch/0/path") == "/included/0/values/20000");
    // Entries that are large all the same.
    for (const auto* key : {"a", "b", "c", "d", "e", "f"}) {
        const auto body =
            R"({"key":")" + std::string(key) + R"(","environments":{"development":)" + members(25'000) + "}}";
        REQUIRE(post(web + "/segments", owner, body).status == 201);
    }
    const auto page = get(acme + "/audit?limit=200", owner);
    CHECK(page.body.size() < 2'000'000);
    CHECK(page.at("/next") != "null");
    const auto links = chain();
    CHECK_FALSE(cp::audit::first_broken(links));
    REQUIRE_FALSE(links.empty());
    CHECK(links.front().seq == 1);
}

TEST_CASE_METHOD(AuditLog, "a change is found under its resource however its path was escaped") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    const auto made = post(acme + "/projects/w%65b/flags", owner, R"({"key":"f","type":"boolean"})");
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == web + "/flags/f");
    REQUIRE(patch(web + "/flags/%66/environments/develop%6Dent", owner, R"({"enabled":true})").status == 200);
    const auto entries = get(acme + "/audit?limit=1&resource=projects/web/flags/f", owner);
    CHECK(entries.at("/items/0/entry/action") == "flag.configured");
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/f/environments/development");
}

TEST_CASE_METHOD(AuditLog, "a refused request has its entry whatever its path holds") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    REQUIRE(del(web + "/flags/%FF%00a", viewer).status == 403);
    const auto entries = get(acme + "/audit?limit=1", owner);
    CHECK(entries.at("/items/0/entry/action") == "request.refused");
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/%FF%00a");
}

TEST_CASE_METHOD(AuditLog, "the application can neither change nor remove an entry") {
    const auto org = sql("SELECT org_id FROM fanion.orgs");
    constexpr cp::db::Statement change{"test_change_audit", "UPDATE audit SET action = 'x'"};
    constexpr cp::db::Statement remove{"test_remove_audit", "DELETE FROM audit"};
    for (const auto& statement : {change, remove}) {
        try {
            run(pool.run_once(cp::db::Scope::tenant(org), statement));
            FAIL("the application changed an audit entry");
        } catch (const cp::db::PgError& error) {
            CHECK(error.is_insufficient_privilege());
        }
    }
}
