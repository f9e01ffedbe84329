// SCIM's /Users over a real PostgreSQL, as directories use it.

#include <catch2/catch.hpp>

#include "control-plane/app/password_reset.hpp"
#include "tests/integration/control-plane/scim/directory.hpp"

using namespace fanion;
using test::Directory;

TEST_CASE_METHOD(Directory, "a user is created, read, found and changed, and is a member") {
    const auto made =
        scim(net::Method::post, "/Users",
             R"({"userName":"Ada@Example.com","externalId":"00u1","name":{"givenName":"Ada"},)"
             R"("displayName":"Ada L","emails":[{"value":"ada@example.com","primary":true}],"active":true})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Content-Type") == "application/scim+json");
    const auto id = made.at("/id");
    CHECK(made.header("Location") == base + "/Users/" + id);
    CHECK(made.at("/meta/location") == made.header("Location"));
    CHECK(made.at("/meta/version") == made.etag());
    CHECK(made.at("/meta/resourceType") == "User");
    const auto member = get(home + "/members/" + id, owner);
    CHECK(member.at("/role") == "viewer");
    CHECK(member.at("/name") == "Ada L");
    CHECK(member.at("/managed_by") == "scim");
    CHECK(audited("member.joined") == "2");  // the owner was the first

    CHECK(read("/Users/" + id).body == made.body);
    for (const auto* filter : {"userName%20eq%20%22ada@example.com%22", "externalId%20eq%20%2200u1%22",
                               "displayName%20co%20%22ada%22%20and%20active%20eq%20true", "emails%20sw%20%22ada%22"}) {
        const auto found = read("/Users?filter=" + std::string(filter));
        INFO(filter << ' ' << found.body);
        CHECK(found.at("/totalResults") == "1");
        CHECK(found.at("/Resources/0/id") == id);
    }
    CHECK(read("/Users?filter=userName%20eq%20%22x%22").at("/totalResults") == "0");
    CHECK(read("/Users?attributes=userName").at("/Resources/0/displayName").empty());

    const auto changed = patch_user(id, R"([{"op":"Replace","path":"displayName","value":"Countess"}])");
    CHECK(changed.status == 200);
    CHECK(changed.etag() != made.etag());
    CHECK(get(home + "/members/" + id, owner).at("/name") == "Countess");
    CHECK(scim(net::Method::put, "/Users/" + id, R"({"userName":"ada@example.com"})", made.etag()).status == 412);
    const auto put = scim(net::Method::put, "/Users/" + id, R"({"userName":"ada@example.com"})", changed.etag());
    CHECK(put.status == 200);
    CHECK(put.at("/externalId").empty());
}

TEST_CASE_METHOD(Directory, "what is wrong is said in the form of SCIM") {
    provision("ada");
    const auto again = scim(net::Method::post, "/Users", R"({"userName":"ADA@example.com"})");
    CHECK(again.status == 409);
    CHECK(again.header("Content-Type") == "application/scim+json");
    CHECK(again.at("/schemas/0") == "urn:ietf:params:scim:api:messages:2.0:Error");
    CHECK(again.at("/status") == "409");
    CHECK(again.at("/scimType") == "uniqueness");
    CHECK(scim(net::Method::post, "/Users", R"({"userName":"nobody"})").at("/scimType") == "invalidValue");
    CHECK(scim(net::Method::post, "/Users", R"({"userName":false,"emails":[{"value":"bob@example.com"}]})")
              .at("/scimType") == "invalidValue");
    CHECK(scim(net::Method::post, "/Groups", R"({"displayName":7})").at("/scimType") == "invalidValue");
    CHECK(scim(net::Method::post, "/Users", "[").at("/scimType") == "invalidSyntax");
    CHECK(read("/Users?filter=userName").at("/scimType") == "invalidFilter");
    CHECK(read("/Users/u_none").status == 404);
    CHECK(read("/Users/u_none").at("/status") == "404");
    const auto unknown = send({net::Method::get, base + "/Users", "fan_svc_wrong"});
    CHECK(unknown.status == 401);
    CHECK(unknown.at("/status") == "401");
}

TEST_CASE_METHOD(Directory, "an unknown path or method of SCIM is refused in the form of SCIM") {
    const auto check = [](const test::Reply& reply, unsigned status) {
        INFO(reply.body);
        CHECK(reply.status == status);
        CHECK(reply.header("Content-Type") == "application/scim+json");
        CHECK(reply.at("/schemas/0") == "urn:ietf:params:scim:api:messages:2.0:Error");
        CHECK(reply.at("/status") == std::to_string(status));
        CHECK_FALSE(reply.at("/detail").empty());
    };
    check(read("/Devices"), 404);
    check(send({net::Method::get, "/scim/v2", token}), 404);
    const auto method = scim(net::Method::del, "/Users");
    check(method, 405);
    CHECK(method.header("Allow") == "GET, HEAD, POST");
    check(scim(net::Method::put, "/ServiceProviderConfig", "{}"), 405);
    check(read("/Users/%zz"), 400);
    const auto elsewhere = send({net::Method::get, "/api/v1/nothing", token});
    CHECK(elsewhere.status == 404);
    CHECK(elsewhere.header("Content-Type") == "application/problem+json");
}

TEST_CASE_METHOD(Directory, "a token without manage_members, or of another organisation, is refused") {
    const auto directory = token;
    token = make_token("developer");
    CHECK(read("/Users").status == 403);
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    token = make_token("owner", "globex");
    CHECK(read("/Users").status == 404);
    token = directory;
    CHECK(read("/Users").status == 200);
}

TEST_CASE_METHOD(Directory, "who becomes inactive leaves this organisation at once, and no other") {
    const auto person = in_both("ada");
    const auto id = provision("ada");
    CHECK(get("/api/v1/auth/me", person).at("/user/id") == id);  // the member who was there
    CHECK(get(home, person).status == 200);
    const auto off = patch_user(id, R"([{"op":"Replace","path":"active","value":"False"}])");
    CHECK(off.at("/active") == "false");
    CHECK(get(home, person).status == 404);
    CHECK(get("/api/v1/orgs/globex", person).status == 200);
    CHECK(get("/api/v1/auth/me", person).at("/user/email") == "ada@example.com");
    CHECK(audited("member.removed") == "1");
    CHECK(read("/Users/" + id).at("/active") == "false");

    const auto on = scim(net::Method::put, "/Users/" + id, R"({"userName":"ada@example.com","active":true})");
    CHECK(on.status == 200);
    CHECK(get(home, person).status == 200);
    CHECK(scim(net::Method::del, "/Users/" + id).status == 204);
    CHECK(get(home, person).status == 404);
    CHECK(get("/api/v1/orgs/globex", person).status == 200);
    CHECK(read("/Users/" + id).status == 404);
}

TEST_CASE_METHOD(Directory, "nothing of an account changes by what a directory says") {
    in_both("ada");
    const auto id = provision("ada");
    const auto before =
        sql("SELECT (u.email, u.name, u.password_hash, u.disabled_at)::text FROM fanion.users u WHERE user_id = '" +
            id + "'");
    REQUIRE(scim(net::Method::put, "/Users/" + id,
                 R"({"userName":"eve@example.com","displayName":"Eve","password":"another long password",)"
                 R"("emails":[{"value":"eve@example.com","primary":true}]})")
                .status == 200);
    CHECK(sql("SELECT (u.email, u.name, u.password_hash, u.disabled_at)::text FROM fanion.users u WHERE user_id = '" +
              id + "'") == before);
    CHECK(sql("SELECT name FROM fanion.memberships WHERE user_id = '" + id +
              "' AND org_id = (SELECT org_id FROM fanion.orgs WHERE key = 'globex')")
              .empty());
    CHECK(get(home + "/members/" + id, owner).at("/name") == "Eve");
}

// Anybody can make an account with any address: nobody has proven that it is theirs.
TEST_CASE_METHOD(Directory, "an account that is no member's gets nothing by having the address") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto stranger = add_member(owner, "globex", "ada@example.com", "developer");
    const auto id = provision("ada");
    CHECK(get("/api/v1/auth/me", stranger).at("/user/id") != id);
    CHECK(get(home, stranger).status == 404);
    CHECK(role_of(id) == "viewer");
    CHECK(get(home + "/members/" + id, owner).at("/email") == "ada@example.com");
}

TEST_CASE_METHOD(Directory, "nobody else finds the account of a person who was provided") {
    const auto id = provision("ada");
    CHECK_FALSE(run(cp::app::make_password_reset(pool, "ada@example.com", clock.now())));
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto account = add_member(owner, "globex", "ada@example.com", "viewer");  // sets a password: a new account
    CHECK(get("/api/v1/auth/me", account).at("/user/id") != id);
    CHECK(get(home, account).status == 404);
    const auto there = make_token("admin", "globex");
    CHECK(send({net::Method::get, "/scim/v2/globex/Users", there}).at("/totalResults") == "0");
    const auto provided =
        send({net::Method::post, "/scim/v2/globex/Users", there, R"({"userName":"ada@example.com"})"});
    CHECK(provided.at("/id") == get("/api/v1/auth/me", account).at("/user/id"));  // a member of globex
    CHECK(role_of(id) == "viewer");
}

TEST_CASE_METHOD(Directory, "who is deleted and provided again has the same account") {
    const auto id = provision("ada");
    REQUIRE(scim(net::Method::del, "/Users/" + id).status == 204);
    CHECK(role_of(id).empty());
    CHECK(provision("ada") == id);
    CHECK(sql("SELECT count(*) FROM fanion.users WHERE email = 'ada@example.com'") == "1");
}

TEST_CASE_METHOD(Directory, "an organisation has one member with an address") {
    const auto to_bob = post(home + "/members", owner, R"({"email":"bob@example.com","role":"viewer"})");
    REQUIRE(to_bob.status == 201);
    const auto bob = provision("bob");
    const auto accepted =
        post("/api/v1/auth/setup", "",
             R"({"token":")" + to_bob.at("/setup_token") + R"(","password":")" + default_password + "\"}");
    CHECK(accepted.errors() == std::vector<std::string>{" already_member"});

    const auto ada = provision("ada", R"(,"active":false)");
    add_member(owner, "acme", "ada@example.com", "developer");
    CHECK(patch_user(ada, R"([{"op":"replace","path":"active","value":true}])").status == 200);
    CHECK(role_of(ada).empty());
    CHECK(sql("SELECT count(*) FROM fanion.memberships") == "3");
}

TEST_CASE_METHOD(Directory,
                 "a member whom people remove is no longer active, and comes back only as the directory says") {
    const auto id = provision("ada");
    REQUIRE(del(home + "/members/" + id, owner).status == 204);
    CHECK(read("/Users/" + id).at("/active") == "false");
    set_group_roles(R"([{"group":"web","role":"developer"}])");
    make_group("web", {id});
    CHECK(role_of(id).empty());
    patch_user(id, R"([{"op":"replace","path":"active","value":true}])");
    CHECK(role_of(id) == "developer");
}

TEST_CASE_METHOD(Directory, "a directory does not take away what its token could not give, nor the last owner") {
    const auto me = get("/api/v1/auth/me", owner).at("/user/id");
    const auto made = scim(net::Method::post, "/Users", R"({"userName":"owner@example.com"})");
    REQUIRE(made.status == 201);
    CHECK(made.at("/id") == me);
    CHECK(role_of(me) == "owner");
    CHECK(scim(net::Method::del, "/Users/" + me).status == 403);
    token = make_token("owner");
    CHECK(patch_user(me, R"([{"op":"replace","path":"active","value":false}])").status == 409);
    add_member(owner, "acme", "second@example.com", "owner");
    CHECK(patch_user(me, R"([{"op":"replace","path":"active","value":false}])").status == 200);
    CHECK(get(home, owner).status == 404);
}

TEST_CASE_METHOD(Directory, "a token for nothing but members removes whom its role outranks") {
    const auto scoped = post(home + "/tokens", owner, R"({"name":"d","role":"admin","scopes":["manage_members"]})");
    REQUIRE(scoped.status == 201);
    token = scoped.at("/token");
    const auto person = add_member(owner, "acme", "ada@example.com", "developer");
    const auto id = provision("ada");
    CHECK(role_of(id) == "developer");
    CHECK(patch_user(id, R"([{"op":"replace","path":"active","value":false}])").status == 200);
    CHECK(get(home, person).status == 404);
}

TEST_CASE_METHOD(Directory, "people count against the quota of members") {
    sql("INSERT INTO fanion.org_quotas SELECT org_id, 'members', 2 FROM fanion.orgs");
    provision("ada");
    const auto beyond = scim(net::Method::post, "/Users", R"({"userName":"bob@example.com"})");
    INFO(beyond.body);
    CHECK(beyond.status == 409);
    CHECK(sql("SELECT count(*) FROM fanion.users WHERE email = 'bob@example.com'") == "0");
    CHECK(scim(net::Method::post, "/Users", R"({"userName":"bob@example.com","active":false})").status == 201);
}

TEST_CASE_METHOD(Directory, "a list comes in pages of at most 200") {
    for (const auto* name : {"ada", "bob", "cy"}) {
        provision(name);
        clock.advance(1000);  // the list is in the order of their provision
    }
    const auto page = read("/Users?startIndex=2&count=1");
    CHECK(page.at("/totalResults") == "3");
    CHECK(page.at("/itemsPerPage") == "1");
    CHECK(page.at("/startIndex") == "2");
    CHECK(page.at("/Resources/0/displayName") == "bob");
    CHECK(read("/Users?count=0").at("/totalResults") == "3");
    CHECK(read("/Users?startIndex=9").at("/itemsPerPage") == "0");
    CHECK(read("/Users?filter=displayName%20pr&startIndex=3").at("/Resources/0/displayName") == "cy");
}

TEST_CASE_METHOD(Directory, "the service describes itself") {
    CHECK(read("/ServiceProviderConfig").at("/patch/supported") == "true");
    CHECK(read("/ServiceProviderConfig").at("/filter/maxResults") == "200");
    CHECK(read("/ResourceTypes").at("/totalResults") == "2");
    CHECK(read("/ResourceTypes/Group").at("/endpoint") == "/Groups");
    CHECK(read("/Schemas").at("/totalResults") == "2");
    CHECK(read("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").at("/attributes/0/name") == "userName");
    CHECK(read("/Schemas/none").status == 404);
}
