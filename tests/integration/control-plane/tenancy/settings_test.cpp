// Names, descriptions, order, colour and protection: what can be changed of organisations, projects and environments.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/tenancy/tenancy.hpp"

using namespace fanion;
using test::Tenancy;

using Strings = std::vector<std::string>;

TEST_CASE_METHOD(Tenancy, "an organisation is renamed by its owner, and its key is fixed") {
    const auto present = get(acme, owner);
    const auto renamed = patch(acme, owner, R"({"name":"Acme Ltd"})", present.etag());
    CHECK(renamed.status == 200);
    CHECK(renamed.at("/name") == "Acme Ltd");
    CHECK(renamed.at("/version") == "2");
    CHECK(patch(acme, owner, R"({"name":"Other"})", present.etag()).status == 412);
    CHECK(patch(acme, owner, R"({"key":"other"})").errors() == Strings{"/key immutable"});
    CHECK(put(acme, owner, renamed.body).status == 200);
    CHECK(get(acme, owner).etag() == renamed.etag());  // nothing has changed
    CHECK(put(acme, owner, "{}").at("/name") == "acme");
    CHECK(patch(acme, add_member(owner, "acme", "admin@example.com", "admin"), R"({"name":"x"})").status == 403);
    CHECK(newest_actions(5) == "org.updated org.updated member.invited member.joined request.refused");
}

TEST_CASE_METHOD(Tenancy, "a project has a name and a description") {
    const auto present = get(web, owner);
    CHECK(present.at("/description").empty());
    const auto changed = patch(web, owner, R"({"description":"The shop"})", present.etag());
    CHECK(changed.status == 200);
    CHECK(changed.at("/description") == "The shop");
    CHECK(changed.at("/name") == "Web");
    CHECK(patch(web, owner, R"({"description":""})", present.etag()).status == 412);
    CHECK(patch(web, owner, R"({"key":"shop","colour":"#000000"})").errors() ==
          Strings{"/key immutable", "/colour unknown_field"});
    CHECK(patch(web + "?dry_run=true", owner, R"({"name":"Shop"})").at("/result/name") == "Shop");
    CHECK(get(web, owner).at("/name") == "Web");
    CHECK(patch(web, add_member(owner, "acme", "dev@example.com", "developer"), R"({"name":"x"})").status == 403);
    CHECK(post(acme + "/projects", owner, R"({"key":"shop","description":"d"})").at("/description") == "d");
}

TEST_CASE_METHOD(Tenancy, "changes of settings are undone from the audit log, but no deletion or restoration") {
    const auto staging = web + "/environments/staging";
    const auto newest = [&] { return acme + "/audit/" + get(acme + "/audit?limit=1", owner).at("/items/0/entry/id"); };
    REQUIRE(patch(staging, owner, R"({"name":"Stage","colour":"#3b82f6"})").status == 200);
    const auto changed = newest();
    REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
    const auto reverted = post(changed + "/revert", owner, "{}");
    INFO(reverted.body);
    CHECK(reverted.status == 200);
    CHECK(get(staging, owner).at("/name") == "Staging");
    CHECK(get(staging, owner).at("/colour").empty());
    REQUIRE(del_environment("staging").status == 204);
    CHECK(post(newest() + "/revert", owner, "{}").errors() == Strings{" not_revertible"});
    REQUIRE(restore(staging, owner).status == 200);
    CHECK(post(newest() + "/revert", owner, "{}").errors() == Strings{" not_revertible"});
}

TEST_CASE_METHOD(Tenancy, "a new environment is undone as long as nothing in it has changed") {
    const auto make = [&](const std::string& key) {
        REQUIRE(post(web + "/environments", owner, R"({"key":")" + key + "\"}").status == 201);
        return acme + "/audit/" + get(acme + "/audit?limit=1", owner).at("/items/0/entry/id") + "/revert";
    };
    const auto qa = make("qa");
    const auto pre = make("pre");
    REQUIRE(patch(web + "/flags/f/environments/qa", owner, R"({"enabled":true})").status == 200);
    const auto refused = post(qa, owner, "{}");
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Strings{" changed_since"});
    CHECK(get(web + "/environments/qa", owner).status == 200);
    CHECK(post(pre, owner, "{}").status == 204);  // its entry names what goes: there is nothing to confirm
    CHECK(get(web + "/environments/pre", owner).status == 404);
}

TEST_CASE_METHOD(Tenancy, "environments are listed in their order, and a new one comes last") {
    const auto all = web + "/environments";
    CHECK(keys_of(all) == "development staging production");
    REQUIRE(post(all, owner, R"({"key":"qa"})").status == 201);
    CHECK(keys_of(all) == "development staging production qa");
    CHECK(patch(all + "/qa", owner, R"({"order":0})").status == 200);
    CHECK(keys_of(all) == "development qa staging production");
    REQUIRE(post(all, owner, R"({"key":"first","order":0,"colour":"#FF0000","description":"d"})").status == 201);
    CHECK(keys_of(all) == "development first qa staging production");
    CHECK(get(all + "/first", owner).at("/colour") == "#ff0000");
    CHECK(get(all + "/first", owner).at("/description") == "d");
}

TEST_CASE_METHOD(Tenancy, "protection is given and taken by those who may change what is protected") {
    const auto staging = web + "/environments/staging";
    const auto config = web + "/flags/f/environments/staging";
    CHECK(patch(staging, owner, R"({"protected":true})").status == 200);
    CHECK(patch(config, owner, R"({"enabled":true})").status == 428);
    CHECK(patch(staging, owner, R"({"protected":false})").status == 428);
    const auto permissions = R"({"key":"ops","permissions":["read","edit","manage_environments"]})";
    REQUIRE(post(acme + "/roles", owner, permissions).status == 201);
    const auto ops = add_member(owner, "acme", "ops@example.com", "ops");
    CHECK(patch(staging, ops, R"({"protected":false})", get(staging, ops).etag()).status == 403);
    CHECK(del(staging + "?confirm=staging", ops, get(staging, ops).etag()).status == 403);
    CHECK(patch(staging, owner, R"({"protected":false})", get(staging, owner).etag()).status == 200);
    CHECK(patch(staging, ops, R"({"name":"Stage"})").status == 200);
    CHECK(patch(config, owner, R"({"enabled":true})").status == 200);
    CHECK(patch(staging, add_member(owner, "acme", "dev@example.com", "developer"), "{}").status == 403);
}
