// The sessions of a person: listing them, ending one of them, ending all but one.

#include <catch2/catch.hpp>

#include "control-plane/identity/sessions.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string sessions = "/api/v1/auth/sessions";

class Sessions : public ApiFixture {
public:
    Sessions() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    Reply login(const std::string& agent) {
        clock.advance(1);  // sessions are listed in the order in which they were started
        const auto body = std::string(R"({"email":"owner@example.com","password":")") + default_password + "\"}";
        return send({net::Method::post, "/api/v1/auth/login", "", body, {{"User-Agent", agent}}});
    }
    unsigned me(const std::string& token) { return get("/api/v1/auth/me", token).status; }
    std::string newest(const std::string& member) {
        return get(acme + "/audit?limit=1", owner).at("/items/0/entry/" + member);
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Sessions, "the list of sessions tells when each was started and last used, from where and by what") {
    const auto phone = login("phone/1").at("/access_token");
    const auto list = get(sessions, owner);
    INFO(list.body);
    REQUIRE(list.status == 200);
    CHECK(list.document->root().find("items").size() == 2);
    CHECK(list.at("/items/0/user_agent") == "phone/1");
    CHECK(list.at("/items/0/address") == "127.0.0.1");
    CHECK(list.at("/items/0/current") == "false");
    CHECK(list.at("/items/1/current") == "true");
    CHECK(list.at("/items/0/last_used_at").ends_with(":00.000Z"));
    CHECK(list.at("/items/0/created_at") > list.at("/items/1/created_at"));
    CHECK(get(sessions, phone).at("/items/0/current") == "true");
    const auto first = get(sessions + "?limit=1", owner);
    const auto second = get(sessions + "?limit=1&cursor=" + first.at("/next"), owner);
    CHECK(first.at("/items/0/id") == list.at("/items/0/id"));
    CHECK(second.at("/items/0/id") == list.at("/items/1/id"));
    CHECK(second.at("/next") == "null");
}

TEST_CASE_METHOD(Sessions, "the last use of a session is recorded to the minute, with its address and program") {
    const auto phone = login("phone/1").at("/access_token");
    const auto before = get(sessions, owner).at("/items/0/last_used_at");
    clock.advance(60'000);
    REQUIRE(send({net::Method::get, "/api/v1/auth/me", phone, "", {{"User-Agent", "phone/2\xff"}}}).status == 200);
    await_background();
    const auto after = get(sessions, owner);
    CHECK(after.at("/items/0/last_used_at") > before);
    CHECK(after.at("/items/0/user_agent") == "phone/2?");
    CHECK(after.at("/items/0/expires_at") > after.at("/items/0/last_used_at"));
}

TEST_CASE_METHOD(Sessions, "a refresh token continues the session, which keeps its id and expires later") {
    const auto signed_in = login("phone/1");
    const auto before = get(sessions, owner);
    clock.advance(60'000);
    const auto renewed =
        post("/api/v1/auth/refresh", "", R"({"refresh_token":")" + signed_in.at("/refresh_token") + "\"}");
    REQUIRE(renewed.status == 200);
    const auto after = get(sessions, renewed.at("/access_token"));
    CHECK(after.at("/items/0/id") == before.at("/items/0/id"));
    CHECK(after.at("/items/0/created_at") == before.at("/items/0/created_at"));
    CHECK(after.at("/items/0/expires_at") > before.at("/items/0/expires_at"));
}

TEST_CASE_METHOD(Sessions, "a session can be ended from another one; its tokens are then refused") {
    const auto phone = login("phone/1");
    const auto id = get(sessions, owner).at("/items/0/id");
    CHECK(del(sessions + "/" + id, owner).status == 204);
    CHECK(me(phone.at("/access_token")) == 401);
    CHECK(post("/api/v1/auth/refresh", "", R"({"refresh_token":")" + phone.at("/refresh_token") + "\"}").status == 401);
    CHECK(me(owner) == 200);
    CHECK(newest("action") == "session.ended");
    CHECK(newest("before/sessions/0") == id);
    CHECK(newest("credential_id") == get(sessions, owner).at("/items/0/id"));
    CHECK(del(sessions + "/" + id, owner).status == 404);  // it has ended already
}

TEST_CASE_METHOD(Sessions, "all sessions but that of the request can be ended at once") {
    const auto phone = login("phone/1").at("/access_token");
    const auto tablet = login("tablet/1").at("/access_token");
    CHECK(del(sessions, phone).status == 204);
    CHECK(me(phone) == 200);
    CHECK(me(tablet) == 401);
    CHECK(me(owner) == 401);
    CHECK(get(sessions, phone).document->root().find("items").size() == 1);
    const auto entries = sql("SELECT count(*) FROM fanion.audit");
    CHECK(del(sessions, phone).status == 204);  // there are no others
    CHECK(sql("SELECT count(*) FROM fanion.audit") == entries);
}

TEST_CASE_METHOD(Sessions, "nobody sees or ends the sessions of another person") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "owner");
    const auto id = get(sessions, owner).at("/items/0/id");
    CHECK(get(sessions, ada).body.find(id) == std::string::npos);
    CHECK(del(sessions + "/" + id, ada).status == 404);
    CHECK(del(sessions, ada).status == 204);
    CHECK(me(owner) == 200);
}

TEST_CASE_METHOD(Sessions, "a token lists the sessions of its person and ends none") {
    const auto token =
        post("/api/v1/auth/tokens", owner, R"({"name":"n","scopes":["read","manage_organisation"]})").at("/token");
    CHECK(get(sessions, token).at("/items/0/current") == "false");
    CHECK(del(sessions, token).errors() == std::vector<std::string>{" session_required"});
    CHECK(del(sessions + "/x", token).status == 403);
    CHECK(me(owner) == 200);
}

TEST_CASE_METHOD(Sessions, "an expired session is not listed, and a later sign-in deletes its row") {
    CHECK(sql("SELECT count(*) FROM fanion.sessions") == "1");
    clock.advance(cp::identity::refresh_lifetime);
    const auto again = login("phone/1").at("/access_token");
    CHECK(get(sessions, again).document->root().find("items").size() == 1);
    CHECK(sql("SELECT count(*) FROM fanion.sessions") == "2");
    clock.advance(8LL * 24 * 60 * 60 * 1000);
    login("phone/1");
    CHECK(sql("SELECT count(*) FROM fanion.sessions") == "2");
}
