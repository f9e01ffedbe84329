// What deleted, restored and abandoned things leave behind.

#include "control-plane/db/maintenance.hpp"
#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;

TEST_CASE_METHOD(Project, "roles in deleted places are not among one's own") {
    const auto ann = add_member(owner, "acme", "ann@example.com", "viewer");
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'ann@example.com'");
    REQUIRE(post(acme + "/projects", owner, R"({"key":"shop"})").status == 201);
    REQUIRE(put(acme + "/projects/shop/assignments/" + id, owner, R"({"role":"developer"})").status == 201);
    REQUIRE(put(web + "/environments/staging/assignments/" + id, owner, R"({"role":"maintainer"})").status == 201);
    const auto places = [&] {
        std::string text;
        const auto me = get("/api/v1/auth/me", ann);
        for (const auto assignment : me.document->root().at(*json::parse_pointer("/orgs/0/assignments")).elements())
            text += std::string(assignment.find("project").as_string()) + ' ';
        return text;
    };
    CHECK(places() == "shop web ");
    REQUIRE(del(acme + "/projects/shop?confirm=shop", owner).status == 204);
    CHECK(places() == "web ");
    REQUIRE(del(web + "/environments/staging?confirm=staging", owner).status == 204);
    CHECK(places().empty());
    REQUIRE(post(acme + "/projects/shop/restore", owner, "{}").status == 200);
    CHECK(places() == "shop ");
}

TEST_CASE_METHOD(Project, "the flags of a deleted project do not count, until it is restored") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    REQUIRE(post(acme + "/projects", owner, R"({"key":"shop"})").status == 201);
    const auto org = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    sql("INSERT INTO fanion.org_quotas (org_id, quota, max_count) VALUES ('" + org + "', 'flags', 1)");
    const std::string g = R"({"key":"g","type":"boolean"})";
    CHECK(post(acme + "/projects/shop/flags", owner, g).status == 409);
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    CHECK(post(acme + "/projects/shop/flags", owner, g).status == 201);
    const auto refused = post(web + "/restore", owner, "{}");
    CHECK(refused.status == 409);
    CHECK(refused.errors() == std::vector<std::string>{" quota_exceeded"});
}

TEST_CASE_METHOD(Project, "the creation of a project is undone, unless something was made in it since") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"shop"})").status == 201);
    const auto entry = get(acme + "/audit?action=project.created&limit=1", owner).at("/items/0/entry/id");
    const auto revert = acme + "/audit/" + entry + "/revert";
    const auto planned = post(revert + "?dry_run=true", owner, "{}");
    INFO(planned.body);
    CHECK(planned.at("/change") == "remove");
    REQUIRE(post(acme + "/projects/shop/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    CHECK(post(revert, owner, "{}").status == 409);
    CHECK(get(acme + "/projects/shop", owner).status == 200);

    REQUIRE(post(acme + "/projects", owner, R"({"key":"empty"})").status == 201);
    const auto other = get(acme + "/audit?action=project.created&limit=1", owner).at("/items/0/entry/id");
    CHECK(post(acme + "/audit/" + other + "/revert", owner, "{}").status == 204);
    CHECK(get(acme + "/projects/empty", owner).status == 404);

    REQUIRE(post(web + "/environments", owner, R"({"key":"qa"})").status == 201);
    const auto made = get(acme + "/audit?action=environment.created&limit=1", owner).at("/items/0/entry/id");
    CHECK(post(acme + "/audit/" + made + "/revert", owner, "{}").status == 204);
}

TEST_CASE_METHOD(Project, "configurations that a restored environment resets have entries of their own") {
    const auto config = web + "/flags/f/environments/staging";
    REQUIRE(post(web + "/flags", owner, R"({"key":"parent","type":"boolean"})").status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    REQUIRE(
        patch(config, owner, R"({"enabled":true,"prerequisites":[{"flag":"parent","variations":["on"]}]})").status ==
        200);
    REQUIRE(del(web + "/environments/staging?confirm=staging", owner).status == 204);
    REQUIRE(del(web + "/flags/parent", owner, "*").status == 204);
    REQUIRE(post(web + "/environments/staging/restore", owner, "{}").status == 200);
    const auto entries = get(acme + "/audit?limit=2", owner);
    INFO(entries.body);
    CHECK(entries.at("/items/0/entry/action") == "flag.configured");
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/f/environments/staging");
    CHECK(entries.at("/items/0/entry/before/enabled") == "true");
    CHECK(entries.at("/items/0/entry/after/enabled") == "false");
    CHECK(entries.at("/items/0/entry/after/version") == get(config, owner).at("/version"));
    CHECK(entries.at("/items/1/entry/action") == "environment.restored");
    CHECK(entries.at("/items/0/entry/group") == entries.at("/items/1/entry/id"));
}

TEST_CASE_METHOD(Project, "uploads that nobody applied are purged") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    const auto uploads = web + "/segments/s/environments/staging/members/uploads";
    const auto old = post(uploads, owner, R"({"format":"lines"})").at("/id");
    const auto part = uploads + '/' + old + "/parts/1";
    REQUIRE(send({net::Method::put, part, owner, "a\nb\n", {{"Content-Type", "text/plain"}}}).status < 300);
    sql("UPDATE fanion.segment_uploads SET created_at = now() - interval '25 hours'");
    REQUIRE(sql("SELECT count(*) FROM fanion.segment_upload_parts") == "1");
    run(cp::db::purge_expired(pool));
    CHECK(sql("SELECT count(*) FROM fanion.segment_uploads") == "0");
    CHECK(sql("SELECT count(*) FROM fanion.segment_upload_parts") == "0");
}
