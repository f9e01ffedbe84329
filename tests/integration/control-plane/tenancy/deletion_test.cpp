// Deleting and restoring organisations, projects and environments.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/tenancy/tenancy.hpp"

using namespace fanion;
using test::Tenancy;

using Strings = std::vector<std::string>;

TEST_CASE_METHOD(Tenancy, "a deletion is confirmed by the key of what is deleted") {
    const auto staging = web + "/environments/staging";
    for (const auto& path : {acme, web, staging}) {
        INFO(path);
        const auto key = path.substr(path.rfind('/') + 1);
        const auto missing = del(path, owner);
        CHECK(missing.status == 428);
        CHECK(missing.errors() == Strings{"?confirm required"});
        const auto other = del(path + "?confirm=" + key + "x", owner);
        CHECK(other.status == 422);
        CHECK(other.errors() == Strings{"?confirm not_confirmed"});
        CHECK(get(path, owner).status == 200);
    }
    CHECK(del(staging + "?confirm=staging&dry_run=true", owner).at("/dry_run") == "true");
    CHECK(del(web + "?confirm=web&dry_run=true", owner).at("/changes/0") ==
          "Deletes the project with 3 environments, 1 flag, 1 segment and 0 keys.");
    CHECK(del(acme + "?confirm=acme&dry_run=true", owner).at("/changes/0") ==
          "Deletes the organisation with 1 project, 3 environments, 1 flag, 1 segment and 0 keys.");
    CHECK(get(staging, owner).status == 200);
}

TEST_CASE_METHOD(Tenancy, "a deleted project does not exist for any route, and comes back as it was") {
    const auto flag = get(web + "/flags/f", owner).body;
    const auto present = get(web, owner);
    CHECK(del(web + "?confirm=web", owner, "\"7\"").status == 412);
    CHECK(del(web + "?confirm=web&comment=old", owner, present.etag()).status == 204);
    for (const auto* below : {"", "/flags", "/flags/f", "/segments", "/environments", "/environments/staging",
                              "/environments/staging/ruleset", "/keys", "/assignments"}) {
        INFO(below);
        CHECK(get(web + below, owner).status == 404);
    }
    CHECK(patch(web, owner, R"({"name":"x"})").status == 404);
    CHECK(del(web + "?confirm=web", owner).status == 404);
    CHECK(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 404);
    CHECK(keys_of(acme + "/projects").empty());
    CHECK(get(acme + "/me/permissions", owner).at("/items") == "[]");
    const auto taken = post(acme + "/projects", owner, R"({"key":"web"})");
    CHECK(taken.status == 409);
    CHECK(taken.errors() == Strings{"/key taken"});

    const auto list = get(acme + "/projects?deleted=true", owner);
    CHECK(list.at("/items/0/key") == "web");
    CHECK_FALSE(list.at("/items/0/deleted_at").empty());
    CHECK_FALSE(list.at("/items/0/restorable_until").empty());
    const auto restored = restore(web, owner);
    CHECK(restored.status == 200);
    CHECK(restored.body == present.body);
    CHECK(restored.etag() == get(web, owner).etag());
    CHECK(get(web + "/flags/f", owner).body == flag);
    CHECK(keys_of(web + "/environments") == "development staging production");
    CHECK(get(acme + "/projects?deleted=true", owner).at("/items") == "[]");
    CHECK(restore(web, owner).status == 404);
    CHECK(newest_actions(2) == "project.deleted project.restored");
    CHECK(sql("SELECT string_agg(DISTINCT resource, ' ') FROM fanion.audit WHERE action IN ('project.deleted', "
              "'project.restored')") == "projects/web");
}

TEST_CASE_METHOD(Tenancy, "an environment that was deleted before its project stays deleted when that is restored") {
    REQUIRE(del_environment("staging").status == 204);
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    REQUIRE(restore(web, owner).status == 200);
    CHECK(keys_of(web + "/environments") == "development production");
    CHECK(keys_of(web + "/environments?deleted=true") == "staging");
    CHECK(restore(web + "/environments/staging", owner).status == 200);
    CHECK(keys_of(web + "/environments") == "development staging production");
}

TEST_CASE_METHOD(Tenancy, "a deleted organisation is found and restored by its owner alone") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"shop"})").status == 201);
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    const auto service = post(acme + "/tokens", owner, R"({"name":"n","role":"viewer"})").at("/token");
    const auto invited = post(acme + "/members", owner, R"({"email":"late@example.com","role":"viewer"})");
    REQUIRE(get(acme, service).status == 200);
    REQUIRE(del(acme + "/projects/shop?confirm=shop", owner).status == 204);
    CHECK(del(acme + "?confirm=acme", admin).status == 403);
    REQUIRE(del(acme + "?confirm=acme", owner).status == 204);

    CHECK(get(acme, owner).status == 404);
    CHECK(get(web, owner).status == 404);
    CHECK(get(acme, service).status == 401);
    CHECK(keys_of("/api/v1/orgs").empty());
    CHECK(get("/api/v1/auth/me", owner).at("/orgs") == "[]");
    const auto setup = R"({"token":")" + invited.at("/setup_token") + R"(","password":"another long password"})";
    CHECK(post("/api/v1/auth/setup", "", setup).status >= 400);
    CHECK(get("/api/v1/orgs?deleted=true", admin).at("/items") == "[]");
    CHECK(restore(acme, admin).status == 404);
    CHECK(keys_of("/api/v1/orgs?deleted=true") == "acme");

    const auto restored = restore(acme, owner);
    CHECK(restored.status == 200);
    CHECK(restored.at("/key") == "acme");
    CHECK(get(acme, service).status == 200);
    CHECK(get(web + "/flags/f", admin).status == 200);
    CHECK(keys_of(acme + "/projects") == "web");
    CHECK(keys_of(acme + "/projects?deleted=true") == "shop");
    CHECK(newest_actions(2) == "org.deleted org.restored");
    CHECK(restore(acme, owner).status == 404);
}

TEST_CASE_METHOD(Tenancy, "the key of a deleted organisation is not given to another") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
    REQUIRE(del("/api/v1/orgs/beta?confirm=beta", owner).status == 204);
    CHECK(post("/api/v1/orgs", owner, R"({"key":"beta"})").errors() == Strings{"/key taken"});
}

TEST_CASE_METHOD(Tenancy, "deleting a project takes its permission in every place in it") {
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    const auto id = get("/api/v1/auth/me", admin).at("/user/id");
    const auto assignment = web + "/environments/production/assignments/" + id;
    REQUIRE(put(assignment, owner, R"({"role":"viewer"})").status == 201);
    CHECK(del(web + "?confirm=web", admin).status == 403);
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    CHECK(restore(web, admin).status == 403);  // the role in the deleted environment counts still
    CHECK(restore(web, owner).status == 200);
    CHECK(get(assignment, owner).status == 200);
    CHECK(del(web + "?confirm=web", add_member(owner, "acme", "dev@example.com", "developer")).status == 403);
}

TEST_CASE_METHOD(Tenancy, "a role in a deleted environment is no role in its project") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto id = get("/api/v1/auth/me", viewer).at("/user/id");
    const auto place = web + "/environments/development";
    REQUIRE(put(place + "/assignments/" + id, owner, R"({"role":"admin"})").status == 201);
    REQUIRE(post(acme + "/roles", owner, R"({"key":"lead","permissions":["read"]})").status == 201);
    REQUIRE(put(place + "/assignments/" + id, owner, R"({"role":"lead"})").status == 200);
    REQUIRE(del_environment("development").status == 204);
    CHECK(patch(web, viewer, R"({"name":"x"})").status == 403);
    CHECK(post(web + "/flags", viewer, R"({"key":"g","type":"boolean"})").status == 403);
    const auto used = del(acme + "/roles/lead", owner);  // the environment may come back with it
    CHECK(used.status == 409);
    CHECK(used.body.find("projects/web/environments/development") != std::string::npos);
}

TEST_CASE_METHOD(Tenancy, "nothing is restored after seven days") {
    REQUIRE(del_environment("staging").status == 204);
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
    REQUIRE(del("/api/v1/orgs/beta?confirm=beta", owner).status == 204);
    pass_hours(7 * 24 - 1);
    CHECK(restore(web, owner).status == 200);
    CHECK(restore("/api/v1/orgs/beta", owner).status == 200);
    REQUIRE(del("/api/v1/orgs/beta?confirm=beta", owner).status == 204);
    pass_hours(2);
    CHECK(restore(web + "/environments/staging", owner).status == 404);
    CHECK(keys_of(web + "/environments?deleted=true").empty());
    pass_hours(7 * 24);
    CHECK(restore("/api/v1/orgs/beta", owner).status == 404);
    CHECK(keys_of("/api/v1/orgs?deleted=true").empty());
}

TEST_CASE_METHOD(Tenancy, "the requests that delete and restore are checked like others") {
    CHECK(get(acme + "/projects?deleted=yes", owner).errors() == Strings{"?deleted malformed"});
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    CHECK(post(web + "/restore", owner, R"({"name":"x"})").errors() == Strings{"/name unknown_field"});
    CHECK(post(web + "/restore?confirm=web", owner, "{}").errors() == Strings{"?confirm unknown_parameter"});
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    CHECK(restore("/api/v1/orgs/globex/projects/web", owner).status == 404);
}
