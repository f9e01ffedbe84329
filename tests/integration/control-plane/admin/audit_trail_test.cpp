// Audit entries that are not changes: the start and end of sessions, and refusals.

#include <catch2/catch.hpp>

#include "control-plane/identity/sessions.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

class AuditTrail : public ApiFixture {
public:
    AuditTrail() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    Reply login(const std::string& password = default_password) {
        return post("/api/v1/auth/login", "", R"({"email":"owner@example.com","password":")" + password + "\"}");
    }
    Reply refresh(const std::string& token) {
        return post("/api/v1/auth/refresh", "", R"({"refresh_token":")" + token + "\"}");
    }
    // A member of the newest entry.
    std::string newest(const std::string& member) {
        return get(acme + "/audit?limit=1", owner).at("/items/0/entry/" + member);
    }
    std::string entries() { return sql("SELECT count(*) FROM fanion.audit"); }
    int refusals() { return std::stoi(sql("SELECT count(*) FROM fanion.audit WHERE action = 'request.refused'")); }
    std::string me() { return get("/api/v1/auth/me", owner).at("/user/id"); }
    std::string org_id(const std::string& key) {
        return sql("SELECT org_id FROM fanion.orgs WHERE key = '" + key + "'");
    }
    std::string sign_ins() { return sql("SELECT count(DISTINCT session_id) FROM fanion.refresh_tokens"); }
    std::string live_sign_ins() {
        return sql("SELECT count(DISTINCT session_id) FROM fanion.refresh_tokens WHERE revoked_at IS NULL");
    }
    // Makes the database reject rows for which `condition` is false.
    void allow_only(const std::string& table, const std::string& condition) {
        sql("ALTER TABLE fanion." + table + " ADD CONSTRAINT refused_by_test CHECK (" + condition + ") NOT VALID");
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(AuditTrail, "joining and signing in are recorded with the session that they start") {
    CHECK(newest("action") == "member.joined");
    CHECK_FALSE(newest("credential_id").empty());
    const auto signed_in = login();
    REQUIRE(signed_in.status == 200);
    CHECK(newest("action") == "session.started");
    CHECK(newest("actor_kind") == "user");
    CHECK(newest("actor_id") == me());
    CHECK(newest("resource") == "members/" + me());
    CHECK(newest("peer") == "127.0.0.1");
    const auto session_id = newest("credential_id");
    REQUIRE(post(acme + "/projects", signed_in.at("/access_token"), R"({"key":"web"})").status == 201);
    CHECK(newest("action") == "project.created");
    CHECK(newest("credential_id") == session_id);
}

TEST_CASE_METHOD(AuditTrail, "a session is recorded in every organisation of the person, and nowhere else") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    REQUIRE(login().status == 200);
    CHECK(get("/api/v1/orgs/other/audit?limit=1", owner).at("/items/0/entry/action") == "session.started");
    CHECK(newest("action") == "session.started");
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action = 'session.started'") == "2");
}

TEST_CASE_METHOD(AuditTrail, "a session and its entries are written together or not at all") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    const auto entries_before = entries();
    const auto sign_ins_before = sign_ins();
    SECTION("the entry of one of two organisations cannot be written") {
        allow_only("audit", "action <> 'session.started' OR org_id <> '" + org_id("other") + "'");
        CHECK(login().status == 500);
    }
    SECTION("the session cannot be written") {
        allow_only("refresh_tokens", "false");
        CHECK(login().status == 500);
    }
    CHECK(entries() == entries_before);
    CHECK(sign_ins() == sign_ins_before);
}

TEST_CASE_METHOD(AuditTrail,
                 "if the session cannot be created, the person does not join and the invitation stays valid") {
    const auto invited = post(acme + "/members", owner, R"({"email":"new@example.com","role":"viewer"})");
    REQUIRE(invited.status == 201);
    const auto entries_before = entries();
    const auto sign_ins_before = sign_ins();
    const auto body = R"({"token":")" + invited.at("/setup_token") + R"(","password":")" + default_password + "\"}";
    allow_only("refresh_tokens", "false");
    CHECK(post("/api/v1/auth/setup", "", body).status == 500);
    CHECK(entries() == entries_before);
    CHECK(sign_ins() == sign_ins_before);
    sql("ALTER TABLE fanion.refresh_tokens DROP CONSTRAINT refused_by_test");
    CHECK(post("/api/v1/auth/setup", "", body).status == 200);
    CHECK(newest("action") == "member.joined");
}

TEST_CASE_METHOD(AuditTrail, "a session does not end without its entry") {
    const auto signed_in = login();
    const auto used = signed_in.at("/refresh_token");
    REQUIRE(refresh(used).status == 200);
    clock.advance(cp::identity::refresh_grace);
    const auto live_before = live_sign_ins();
    allow_only("audit", "action NOT IN ('session.ended', 'session.revoked')");
    CHECK(post("/api/v1/auth/logout", signed_in.at("/access_token"), "").status == 500);
    CHECK(refresh(used).status == 500);
    CHECK(live_sign_ins() == live_before);
}

TEST_CASE_METHOD(AuditTrail, "a wrong password is recorded for its account, an unknown account nowhere") {
    REQUIRE(login("not the password").status == 401);
    await_background();
    CHECK(newest("action") == "session.denied");
    CHECK(newest("actor_kind") == "anonymous");
    CHECK(newest("actor_id").empty());
    CHECK(newest("resource") == "members/" + me());
    const auto before = entries();
    REQUIRE(post("/api/v1/auth/login", "", R"({"email":"nobody@example.com","password":"no matter what"})").status ==
            401);
    await_background();
    CHECK(entries() == before);
}

TEST_CASE_METHOD(AuditTrail,
                 "the end of a session is recorded, whether by its owner or by a token that was used twice") {
    const auto first = login();
    REQUIRE(post("/api/v1/auth/logout", first.at("/access_token"), "").status == 204);
    CHECK(newest("action") == "session.ended");
    const auto second = login();
    const auto session_id = newest("credential_id");
    const auto before = entries();
    REQUIRE(refresh(second.at("/refresh_token")).status == 200);
    REQUIRE(refresh(second.at("/refresh_token")).status == 200);
    CHECK(entries() == before);  // refreshing a token is not recorded, nor is a repetition that is forgiven
    clock.advance(cp::identity::refresh_grace);
    REQUIRE(refresh(second.at("/refresh_token")).status == 401);
    CHECK(newest("action") == "session.revoked");
    CHECK(newest("credential_id") == session_id);
    CHECK(newest("comment") == "a refresh token was presented twice");
}

TEST_CASE_METHOD(AuditTrail, "a request that a role does not permit is recorded with the person and the route") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    REQUIRE(post(acme + "/projects", viewer, R"({"key":"web"})").status == 403);
    CHECK(newest("action") == "request.refused");
    CHECK(newest("actor_id") == get("/api/v1/auth/me", viewer).at("/user/id"));
    CHECK(newest("resource") == "projects");
    CHECK(newest("after/method") == "POST");
    CHECK(newest("after/route") == "/api/v1/orgs/{org}/projects");
    const auto before = entries();
    CHECK(get("/api/v1/orgs/other", viewer).status == 404);  // no such organisation, so there is no log to write to
    CHECK(entries() == before);
}

TEST_CASE_METHOD(AuditTrail, "a refusal by a handler is recorded too") {
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(post(acme + "/projects/web/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto place = "projects/web/flags/f/environments/production";
    REQUIRE(patch(acme + '/' + place, developer, R"({"enabled":true})", "\"1\"").status == 403);
    CHECK(newest("action") == "request.refused");
    CHECK(newest("resource") == place);
    REQUIRE(post("/api/v1/orgs", developer, R"({"key":"mine"})").status == 403);
    CHECK(newest("action") == "request.refused");
    CHECK(newest("resource") == "/api/v1/orgs");
}

TEST_CASE_METHOD(
    AuditTrail,
    "the use of a secret key at this API is recorded by its id, that of a client key, which is public, is not") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    const auto keys = acme + "/projects/web/environments/development/keys";
    const auto server = post(keys, owner, R"({"kind":"server"})");
    const auto client = post(keys, owner, R"({"kind":"client"})");
    const auto before = entries();
    REQUIRE(get(acme, client.at("/key")).status == 403);
    CHECK(entries() == before);
    REQUIRE(get(acme, server.at("/key")).status == 403);
    CHECK(newest("action") == "request.refused");
    CHECK(newest("actor_kind") == "key");
    CHECK(newest("actor_id") == server.at("/id"));
}

TEST_CASE_METHOD(AuditTrail,
                 "a key that is refused again and again makes one entry a minute, which counts the others") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    const auto keys = acme + "/projects/web/environments/development/keys";
    const auto first = post(keys, owner, R"({"kind":"server"})").at("/key");
    const auto second = post(acme + "/keys", owner, R"({"kind":"relay"})").at("/key");
    const auto before = refusals();
    for (const auto* path : {"/api/v1/orgs/acme", "/api/v1/orgs", "/api/v1/orgs/acme/members"}) {
        CHECK(get(path, first).status == 403);
    }
    CHECK(get(acme, second).status == 403);
    CHECK(refusals() == before + 2);
    CHECK(newest("after/suppressed").empty());
    CHECK(api_metrics.refusals_suppressed.value() == 2);
    clock.advance(59'999);
    CHECK(get(acme, first).status == 403);
    CHECK(refusals() == before + 2);
    clock.advance(1);
    CHECK(get(acme, first).status == 403);
    CHECK(refusals() == before + 3);
    CHECK(newest("after/suppressed") == "3");
    CHECK(server_registry.text().find("fanion_control_plane_audit_suppressed_total{action=\"request.refused\"} 3") !=
          std::string::npos);
}

TEST_CASE_METHOD(AuditTrail,
                 "a refusal that could not be written is counted by the next entry, which is written immediately") {
    const auto key = post(acme + "/keys", owner, R"({"kind":"relay"})").at("/key");
    allow_only("audit", "action <> 'request.refused'");
    CHECK(get(acme, key).status == 500);
    sql("ALTER TABLE fanion.audit DROP CONSTRAINT refused_by_test");
    CHECK(get(acme, key).status == 403);
    CHECK(newest("after/suppressed") == "1");
}

TEST_CASE_METHOD(AuditTrail, "refusals of a member make one entry a minute for each route") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto before = refusals();
    for (int i = 0; i < 3; ++i) {
        CHECK(post(acme + "/projects", viewer, R"({"key":"web"})").status == 403);
        CHECK(get(acme + "/keys", viewer).status == 403);
    }
    CHECK(refusals() == before + 2);
    clock.advance(60'000);
    CHECK(get(acme + "/keys", viewer).status == 403);
    CHECK(newest("after/suppressed") == "2");
}

TEST_CASE_METHOD(AuditTrail, "wrong passwords make one entry a minute for each account") {
    const auto denials = [this] { return sql("SELECT count(*) FROM fanion.audit WHERE action = 'session.denied'"); };
    for (int i = 0; i < 3; ++i) REQUIRE(login("not the password").status == 401);
    await_background();
    CHECK(denials() == "1");
    CHECK(api_metrics.denials_suppressed.value() == 2);
    clock.advance(60'000);
    REQUIRE(login("not the password").status == 401);
    await_background();
    CHECK(denials() == "2");
    CHECK(newest("after/suppressed") == "2");
    clock.advance(60'000);
    CHECK(login().status == 200);  // successful sign-ins are still recorded each time
    CHECK(newest("action") == "session.started");
}
