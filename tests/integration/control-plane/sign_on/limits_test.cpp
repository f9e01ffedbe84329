// What a session can do that an organisation's provider has started: nothing outside of it.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/integration/control-plane/sign_on/signing_on.hpp"

using namespace fanion;
using net::Method;
using test::acme;
using test::SigningOn;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(SigningOn, "who is a member of two organisations acts in the provider's one only") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    REQUIRE(add_provider().status == 201);
    const auto cookie = session_in(sign_on("s-1", "owner@example.com"));
    REQUIRE_FALSE(cookie.empty());
    CHECK(as(cookie, acme).status == 200);
    CHECK(as(cookie, "/api/v1/orgs/globex").status == 404);
    CHECK(as(cookie, "/api/v1/orgs/globex/members").status == 404);
    CHECK(as(cookie, me).at("/orgs/1/key").empty());
    CHECK(as(cookie, "/api/v1/orgs").at("/items/1/key").empty());
    CHECK(get("/api/v1/orgs", owner).at("/items/1/key") == "globex");
    // What a replica remembers of a session is that one's, and no other's of the same person.
    for (int read = 0; read < 3; ++read) {
        CHECK(get("/api/v1/orgs/globex", owner).status == 200);
        CHECK(as(cookie, "/api/v1/orgs/globex").status == 404);
        CHECK(as(cookie, "/api/v1/orgs/globex/projects").status == 404);
        CHECK(as(cookie, acme + "/projects").status == 200);
        CHECK(as(cookie, "/api/v1/auth/tokens").status == 403);
    }
    CHECK(newest("action") == "request.refused");
    CHECK(as(cookie, "/api/v1/auth/session", Method::del).status == 204);
    CHECK(newest("action") == "session.ended");
    CHECK(newest("action", "globex") == "org.created");  // the other organisation learns nothing of it
}

TEST_CASE_METHOD(SigningOn, "the account of a person is out of reach") {
    REQUIRE(add_provider().status == 201);
    const auto cookie = session_in(sign_on("s-1", "owner@example.com"));
    const Texts refused{" account_required"};
    CHECK(as(cookie, "/api/v1/auth/tokens").errors() == refused);
    CHECK(as(cookie, "/api/v1/auth/tokens", Method::post, R"({"name":"n","scopes":["read"]})").errors() == refused);
    CHECK(as(cookie, "/api/v1/auth/sessions").errors() == refused);
    CHECK(as(cookie, "/api/v1/auth/sessions", Method::del).errors() == refused);
    CHECK(as(cookie, "/api/v1/auth/second-factor").errors() == refused);
    CHECK(as(cookie, "/api/v1/auth/second-factor", Method::post, R"({"password":"x"})").errors() == refused);
    CHECK(as(cookie, "/api/v1/orgs", Method::post, R"({"key":"more"})").errors() == refused);
    CHECK(as(cookie, "/api/v1/orgs?deleted=true").at("/items").find("[]") != std::string::npos);
    CHECK(as(cookie, "/api/v1/auth/session", Method::del).status == 204);
    CHECK(as(cookie, me).status == 401);
}

TEST_CASE_METHOD(SigningOn, "preferences are those of the account that the session reaches") {
    REQUIRE(add_provider().status == 201);
    const std::string preferences = me + "/preferences";
    REQUIRE(put(preferences, owner, R"({"last":"globex"})").status == 200);
    const auto member = session_in(sign_on("s-1", "owner@example.com"));
    CHECK(as(member, me).at("/preferences/last").empty());
    CHECK(as(member, preferences, Method::put, R"({"last":"acme"})").errors() == Texts{" account_required"});
    CHECK(get(me, owner).at("/preferences/last") == "globex");
    const auto added = session_in(sign_on("s-2", "ada@example.com"));  // with an account of the organisation's own
    CHECK(as(added, preferences, Method::put, R"({"last":"acme"})").status == 200);
    CHECK(as(added, me).at("/preferences/last") == "acme");
}

TEST_CASE_METHOD(SigningOn, "who was added has an account that no other organisation finds") {
    REQUIRE(add_provider().status == 201);
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto first = as(session_in(sign_on("s-1", "ada@example.com")), me).at("/user/id");
    const auto ada = add_member(owner, "globex", "ada@example.com", "viewer");  // sets a password: a new account
    CHECK(get(me, ada).at("/user/id") != first);
    CHECK(get(me, ada).at("/orgs/1/key").empty());
    CHECK(as(session_in(sign_on("s-1", "ada@example.com")), me).at("/user/id") == first);
    CHECK(sql("SELECT count(*) FROM fanion.users WHERE email = 'ada@example.com'") == "2");
    CHECK(post("/api/v1/auth/login", "", R"({"email":"ada@example.com","password":"a password of some length"})")
              .status == 200);
    const auto again = post(acme + "/members", owner, R"({"email":"ada@example.com","role":"viewer"})");
    CHECK(again.status == 409);  // one member with an address
}

TEST_CASE_METHOD(SigningOn, "an entity tag of another organisation is not current for a session of a provider") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    REQUIRE(post("/api/v1/orgs/globex/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(add_provider().status == 201);
    const auto cookie = session_in(sign_on("s-1", "owner@example.com"));
    const std::string project = "/api/v1/orgs/globex/projects/web";
    const auto tag = get(project, owner).etag();
    REQUIRE_FALSE(tag.empty());
    for (int read = 0; read < 3; ++read) {
        CHECK(send({Method::get, project, owner, "", {{"If-None-Match", tag}}}).status == 304);
        CHECK(send({Method::get, project, "", "", {{"Cookie", cookie}, {"If-None-Match", tag}}}).status == 404);
    }
}

TEST_CASE_METHOD(SigningOn, "whom a directory provides signs in as the same member, and not when inactive") {
    REQUIRE(add_provider().status == 201);
    const std::string users = "/scim/v2/acme/Users";
    const auto provided = post(users, owner, R"({"userName":"ada@example.com","displayName":"Ada L"})");
    INFO(provided.body);
    REQUIRE(provided.status == 201);
    const auto id = provided.at("/id");
    CHECK(as(session_in(sign_on("s-1", "ada@example.com")), me).at("/user/id") == id);
    const auto become = [&](const std::string& active) {
        return patch(users + '/' + id, owner,
                     R"({"Operations":[{"op":"replace","path":"active","value":)" + active + "}]}");
    };
    REQUIRE(become("false").status == 200);
    CHECK(sign_on("s-1", "ada@example.com").errors() == Texts{" not_a_member"});
    REQUIRE(become("true").status == 200);
    CHECK(as(session_in(sign_on("s-1", "ada@example.com")), me).at("/user/id") == id);
}

TEST_CASE_METHOD(SigningOn,
                 "a member with an account of their own, whom the directory has taken out, is not added anew") {
    REQUIRE(add_provider().status == 201);
    add_member(owner, "acme", "ada@example.com", "viewer");
    const std::string users = "/scim/v2/acme/Users";
    const auto provided = post(users, owner, R"({"userName":"ada@example.com"})");
    INFO(provided.body);
    REQUIRE(provided.status == 201);
    REQUIRE(patch(users + '/' + provided.at("/id"), owner,
                  R"({"Operations":[{"op":"replace","path":"active","value":false}]})")
                .status == 200);
    CHECK(sign_on("s-1", "ada@example.com").errors() == Texts{" not_a_member"});
    CHECK(sql("SELECT count(*) FROM fanion.users WHERE email = 'ada@example.com'") == "1");
}

TEST_CASE_METHOD(SigningOn, "the same provider of two organisations knows different people") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    REQUIRE(add_provider().status == 201);
    REQUIRE(add_provider(R"(,"domains":["example.com"],"adds_members":true)", "globex").status == 201);
    const auto here = session_in(sign_on("s-1", "ada@example.com"));
    const auto there = session_in(sign_on("s-1", "ada@example.com", "", "globex"));
    CHECK(as(here, me).at("/user/id") != as(there, me).at("/user/id"));
    CHECK(as(there, acme).status == 404);
    CHECK(as(here, "/api/v1/orgs/globex").status == 404);
}

TEST_CASE_METHOD(SigningOn, "a provider is the second factor that its organisation asks for") {
    REQUIRE(add_provider().status == 201);
    sql("INSERT INTO fanion.sign_in_settings SELECT org_id, 'required', 1, now() FROM fanion.orgs");
    CHECK(get(acme, owner).errors() == Texts{" second_factor_required"});
    const auto cookie = session_in(sign_on("s-1", "owner@example.com"));
    CHECK(as(cookie, acme).status == 200);
    CHECK(as(cookie, me).at("/orgs/0/lacks_second_factor") == "false");
}

TEST_CASE_METHOD(SigningOn, "sessions end with their provider, and with the membership") {
    REQUIRE(add_provider().status == 201);
    const auto first = session_in(sign_on());
    const auto id = as(first, me).at("/user/id");
    REQUIRE(change_provider(R"({"enabled":false})").status == 200);
    CHECK(as(first, me).status == 401);
    CHECK(get(acme, owner).status == 200);
    REQUIRE(change_provider(R"({"enabled":true})").status == 200);
    const auto second = session_in(sign_on());
    CHECK(as(second, acme).status == 200);
    REQUIRE(del(acme + "/members/" + id, owner).status == 204);
    CHECK(as(second, acme).status == 404);
    const auto third = session_in(sign_on());  // joins again
    CHECK(as(third, me).at("/user/id") == id);
    REQUIRE(del(acme + "/identity-providers/main", owner).status == 204);
    CHECK(as(third, me).status == 401);
}

TEST_CASE_METHOD(SigningOn, "a person who is disabled is not signed in") {
    REQUIRE(add_provider().status == 201);
    REQUIRE(sign_on().status == 303);
    sql("UPDATE fanion.users SET disabled_at = now() WHERE email = 'ada@example.com'");
    CHECK(sign_on().errors() == Texts{" disabled"});
}
