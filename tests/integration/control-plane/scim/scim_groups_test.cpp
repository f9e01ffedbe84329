// SCIM's /Groups over a real PostgreSQL.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/scim/directory.hpp"

using namespace fanion;
using test::Directory;

TEST_CASE_METHOD(Directory, "a group is created, found, changed and deleted") {
    const auto ada = provision("ada");
    const auto bob = provision("bob");
    const auto made =
        scim(net::Method::post, "/Groups", R"({"displayName":"Web","externalId":"x","members":)" + list({ada}) + "}");
    REQUIRE(made.status == 201);
    const auto id = made.at("/id");
    const auto path = "/Groups/" + id;
    CHECK(made.at("/members/0/value") == ada);
    CHECK(read("/Users/" + ada).at("/groups/0/value") == id);
    CHECK(read("/Groups?filter=displayName%20eq%20%22web%22").at("/Resources/0/id") == id);
    CHECK(read("/Groups?excludedAttributes=members").at("/Resources/0/members").empty());
    CHECK(read("/Groups?filter=id%20eq%20%22" + id + "%22%20and%20members%20eq%20%22" + ada + "%22")
              .at("/totalResults") == "1");
    CHECK(read("/Groups?filter=members%20eq%20%22" + bob + "%22").at("/totalResults") == "0");

    const auto added = patch_members(id, "Add", {bob, ada});
    CHECK(added.status == 204);
    CHECK(added.etag() == read(path).etag());
    CHECK(read(path).at("/members/1/value") != "");
    CHECK(patch_members(id, "add", {bob}).etag() == added.etag());  // nothing changes
    CHECK(scim(net::Method::patch, path,
               R"({"Operations":[{"op":"remove","path":"members[value eq \")" + ada + R"(\"]"}]})")
              .status == 204);
    CHECK(read(path).at("/members/0/value") == bob);
    CHECK(patch_members(id, "Remove", {bob}).status == 204);
    CHECK(read(path).at("/members") == "[]");
    CHECK(patch_members(id, "add", {"u_none"}).at("/scimType") == "invalidValue");

    CHECK(scim(net::Method::post, "/Groups", R"({"displayName":"WEB"})").at("/scimType") == "uniqueness");
    CHECK(scim(net::Method::put, path, R"({"displayName":"Sites"})", made.etag()).status == 412);
    CHECK(scim(net::Method::put, path, R"({"displayName":"Sites"})").at("/displayName") == "Sites");
    CHECK(get(home + "/groups", owner).at("/items/0/name") == "Sites");
    CHECK(get(home + "/groups", owner).at("/items/0/source") == "scim");
    CHECK(audited("group.created") == "1");
    CHECK(audited("group.updated") == "4");
    CHECK(scim(net::Method::del, path).status == 204);
    CHECK(audited("group.deleted") == "1");
    CHECK(read(path).status == 404);
}

TEST_CASE_METHOD(Directory, "a deleted user is in no group") {
    const auto ada = provision("ada");
    const auto id = make_group("web", {ada});
    const auto before = read("/Groups/" + id);
    REQUIRE(scim(net::Method::del, "/Users/" + ada).status == 204);
    const auto after = read("/Groups/" + id);
    CHECK(after.at("/members") == "[]");
    CHECK(after.etag() != before.etag());
}

TEST_CASE_METHOD(Directory, "groups are listed in pages") {
    for (const auto* name : {"a", "b", "c"}) make_group(name);
    const auto first = get(home + "/groups?limit=2", owner);
    CHECK(first.at("/items/1/name") == "b");
    CHECK(first.at("/items/1/members") == "0");
    const auto next = get(home + "/groups?limit=2&cursor=" + first.at("/next"), owner);
    CHECK(next.at("/items/0/name") == "c");
    CHECK(next.at("/next") == "null");
}
