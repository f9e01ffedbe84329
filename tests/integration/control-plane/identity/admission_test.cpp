// What a replica remembers of callers and of what it answered: nothing of it outlives a change, wherever that was made.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using net::Method;
using test::acme;
using test::ApiFixture;
using test::f_in_development;
using test::flag_f;
using test::Reply;

namespace {

class Remembering : public ApiFixture {
public:
    Remembering() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(acme + "/projects/web/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }

    Reply read(const std::string& path, const std::string& token, const std::string& tag) {
        return send({Method::get, path, token, "", {{"If-None-Match", tag}}});
    }
    // A read that has been answered before, so that all of it is known.
    std::string known_tag(const std::string& path, const std::string& token) {
        const auto tag = get(path, token).etag();
        REQUIRE(read(path, token, tag).status == 304);
        REQUIRE(read(path, token, tag).status == 304);
        return tag;
    }
    std::string member_id(const std::string& email) {
        return sql("SELECT user_id FROM users WHERE email = '" + email + "'");
    }
    std::string service_token(const std::string& role) {
        const auto made = post(acme + "/tokens", owner, R"({"name":"ci","role":")" + role + R"(","scopes":["read"]})");
        INFO(made.body);
        REQUIRE(made.status == 201);
        service_id = made.at("/id");
        return made.at("/token");
    }

    std::string owner;
    std::string service_id;
};

}  // namespace

TEST_CASE_METHOD(Remembering, "a known entity tag is current until the resource changes") {
    for (const auto& path : {flag_f, f_in_development}) {
        const auto tag = known_tag(path, owner);
        const auto kind = path == flag_f ? R"([{"kind":"set_name","name":"F"}])" : R"([{"kind":"turn_on"}])";
        const auto changed = send({Method::patch,
                                   path,
                                   owner,
                                   std::string("{\"instructions\":") + kind + "}",
                                   {{"Content-Type", "application/vnd.fanion.instructions+json"}}});
        INFO(changed.body);
        REQUIRE(changed.status == 200);
        const auto after = read(path, owner, tag);
        CHECK(after.status == 200);
        CHECK(after.etag() == changed.etag());
        CHECK(read(path, owner, after.etag()).status == 304);
    }
}

TEST_CASE_METHOD(Remembering, "what another replica has written is seen by the next read") {
    const auto tag = known_tag(f_in_development, owner);
    // As another replica does it: the configuration and the entry of the audit log.
    sql("WITH changed AS (UPDATE flag_configs SET version = version + 7 RETURNING org_id), newest AS (SELECT * FROM "
        "audit "
        "ORDER BY seq DESC LIMIT 1) INSERT INTO audit (org_id, seq, id, at, actor_kind, actor_id, credential_id, "
        "action, "
        "resource, canonical, prev_hash, hash) SELECT org_id, seq + 1, 'a_other', at, actor_kind, actor_id, "
        "credential_id, action, resource, canonical, hash, hash FROM newest WHERE EXISTS (SELECT FROM changed)");
    CHECK(read(f_in_development, owner, tag).status == 200);
}

TEST_CASE_METHOD(Remembering, "a tag that one caller knows tells nothing to another") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    const auto tag = known_tag(f_in_development, owner);
    known_tag(f_in_development, ada);
    REQUIRE(post(acme + "/roles", owner, R"({"key":"blind","permissions":["manage_webhooks"]})").status == 201);
    const auto bob = add_member(owner, "acme", "bob@example.com", "blind");
    CHECK(read(f_in_development, bob, tag).status != 304);
    CHECK(read(f_in_development, "", tag).status == 401);
    CHECK(read("/api/v1/orgs/globex/projects/web/flags/f", owner, tag).status == 404);
}

TEST_CASE_METHOD(Remembering, "a member who is removed finds nothing at the next read") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    const auto tag = known_tag(f_in_development, ada);
    REQUIRE(del(acme + "/members/" + member_id("ada@example.com"), owner, "*").status == 204);
    CHECK(read(f_in_development, ada, tag).status == 404);
    CHECK(get(acme + "/projects/web/flags", ada).status == 404);
}

TEST_CASE_METHOD(Remembering, "a session that has ended reads nothing") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    const auto tag = known_tag(f_in_development, ada);
    REQUIRE(post("/api/v1/auth/logout", ada, "{}").status < 300);
    CHECK(read(f_in_development, ada, tag).status == 401);
}

TEST_CASE_METHOD(Remembering, "a token that is revoked, or has expired, reads nothing") {
    const auto token = service_token("viewer");
    const auto tag = known_tag(f_in_development, token);
    SECTION("revoked") { REQUIRE(del(acme + "/tokens/" + service_id, owner, "*").status == 204); }
    SECTION("expired") { clock.advance(100LL * 24 * 60 * 60 * 1000); }
    CHECK(read(f_in_development, token, tag).status == 401);
}

TEST_CASE_METHOD(Remembering, "somebody who becomes a member reads at once") {
    const auto made = post("/api/v1/orgs", owner, R"({"key":"globex"})");
    REQUIRE(made.status == 201);
    REQUIRE(post("/api/v1/orgs/globex/projects", owner, R"({"key":"web"})").status == 201);
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    const std::string projects = "/api/v1/orgs/globex/projects";
    REQUIRE(get(projects, ada).status == 404);
    REQUIRE(get(projects, ada).status == 404);
    sql("INSERT INTO memberships (org_id, user_id, role) SELECT o.org_id, u.user_id, 'viewer' FROM orgs o, users u "
        "WHERE o.key = 'globex' AND u.email = 'ada@example.com'");
    CHECK(get(projects, ada).status == 200);
}

TEST_CASE_METHOD(Remembering, "the list of flags shows evaluations and changes at once") {
    const auto list = acme + "/projects/web/flags";
    const std::string evaluated_at = "/items/0/environments/development/evaluated_at";
    REQUIRE(get(list, owner).at(evaluated_at) == "null");
    REQUIRE(get(list, owner).at(evaluated_at) == "null");
    sql("INSERT INTO flag_answers SELECT org_id, env_id, 'f', 'on', '2026-11-01', '2026-11-02' FROM environments "
        "WHERE key = 'development'");
    CHECK(get(list, owner).at(evaluated_at).starts_with("2026-11-02T"));
    REQUIRE(post(list, owner, R"({"key":"e","type":"boolean"})").status == 201);
    CHECK(get(list, owner).at("/items/0/key") == "e");
    CHECK(get(list, owner).at("/items/1" + evaluated_at.substr(8)).starts_with("2026-11-02T"));
}
