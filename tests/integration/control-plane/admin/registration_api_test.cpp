// Accounts that people make themselves, and owners that the operator makes.

#include <catch2/catch.hpp>

#include "control-plane/app/make_owner.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;

namespace {

using Codes = std::vector<std::string>;

class Door : public ApiFixture {
public:
    Door() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    void set(const std::string& mode) { registration = *cp::identity::parse_registration(mode); }
    test::Reply enrol(const std::string& email, const std::string& password = default_password) {
        return post("/api/v1/auth/register", "", R"({"email":")" + email + R"(","password":")" + password + "\"}");
    }
    test::Reply sign_in(const std::string& email, const std::string& password = default_password) {
        return post("/api/v1/auth/login", "", R"({"email":")" + email + R"(","password":")" + password + "\"}");
    }
    test::Reply accept(const std::string& token, const std::string& password = default_password) {
        return post("/api/v1/auth/setup", "", R"({"token":")" + token + R"(","password":")" + password + "\"}");
    }
    std::string invite(const std::string& email, const std::string& role) {
        const auto body = R"({"email":")" + email + R"(","role":")" + role + "\"}";
        return post("/api/v1/orgs/acme/members", owner, body).at("/setup_token");
    }
    Result<std::string> promote(const std::string& email, const std::string& org = "acme") {
        return run(cp::app::promote_to_owner(pool, email, org, clock.now()));
    }
    std::string accounts() { return sql("SELECT count(*) FROM users"); }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Door, "nobody registers unless the operator allows it") {
    for (const auto* mode : {"invite", "closed"}) {
        set(mode);
        CHECK(enrol("ada@example.com").status == 403);
    }
    set("domain:example.com");
    CHECK(enrol("ada@other.example").status == 403);
    CHECK(accounts() == "1");
    CHECK(enrol("ada@example.com").status == 202);
    CHECK(accounts() == "2");
}

TEST_CASE_METHOD(Door, "an account that somebody made themselves can sign in, and belongs to nothing") {
    set("open");
    CHECK(enrol("ada@example.com").status == 202);
    const auto token = sign_in("ada@example.com").at("/access_token");
    const auto me = get("/api/v1/auth/me", token);
    CHECK(me.at("/user/email") == "ada@example.com");
    CHECK(me.at("/orgs") == "[]");
    CHECK(get("/api/v1/orgs/acme", token).status == 404);
    CHECK(post("/api/v1/orgs", token, R"({"key":"mine"})").status == 403);
}

TEST_CASE_METHOD(Door, "the response does not tell whether an account exists, which stays as it is") {
    set("open");
    const auto hash = "SELECT password_hash || name FROM users WHERE email = 'owner@example.com'";
    const auto before = sql(hash);
    const auto taken = enrol("Owner@Example.com", "another password");
    const auto fresh = enrol("new@example.com", "another password");
    CHECK(taken.status == fresh.status);
    CHECK(taken.body == fresh.body);
    CHECK(sql(hash) == before);
    CHECK(sign_in("owner@example.com", "another password").status == 401);
    CHECK(sign_in("owner@example.com").status == 200);
    CHECK(accounts() == "2");
}

TEST_CASE_METHOD(Door, "bad registrations are reported at their places, and make nothing") {
    set("open");
    CHECK(post("/api/v1/auth/register", "", R"({"email":"nonsense","password":"short","age":1})").errors() ==
          Codes{"/email bad_email", "/password too_short", "/age unknown_field"});
    CHECK(post("/api/v1/auth/register", "", R"({"email":7})").errors() ==
          Codes{"/email wrong_type", "/password missing"});
    CHECK(post("/api/v1/auth/register", "", "{\"email\":\"a@b.c\",\"password\":\"twelve\\u0000characters\"}").status ==
          400);
    CHECK(accounts() == "1");
}

TEST_CASE_METHOD(Door, "one client cannot make accounts without end") {
    set("open");
    std::string refused;
    for (int i = 0; i < 12 && refused.empty(); ++i) {
        const auto email = "p" + std::to_string(i) + "@example.com";
        // As if the waits of the earlier ones were over, up to the one that would be too long.
        if (i < 8) sql("UPDATE sign_in_failures SET retry_after = now() - interval '1 hour'");
        const auto reply = enrol(email);
        if (reply.status == 429) refused = reply.header("Retry-After");
        if (reply.status != 429) CHECK(reply.status == 202);
        if (i >= 8) break;
    }
    CHECK_FALSE(refused.empty());
    CHECK(sign_in("owner@example.com").status == 200);
}

TEST_CASE_METHOD(Door, "where registration is closed an invitation is for those who have an account") {
    const auto to_ada = invite("ada@example.com", "viewer");
    const auto to_bob = invite("bob@example.com", "viewer");
    set("open");
    REQUIRE(enrol("bob@example.com").status == 202);
    set("closed");
    const auto refused = accept(to_ada);
    CHECK(refused.status == 401);
    CHECK(refused.at("/detail") == accept(to_bob, "not the password").at("/detail"));
    CHECK(accept(to_bob).status == 200);
    set("invite");
    CHECK(accept(to_ada).status == 200);
}

TEST_CASE_METHOD(Door, "whoever took an address gains nothing by an invitation or a promotion of it") {
    set("open");
    REQUIRE(enrol("boss@example.com", "the password of a thief").status == 202);
    const auto token = promote("boss@example.com");
    REQUIRE(token);
    REQUIRE_FALSE(token->empty());
    const auto thief = sign_in("boss@example.com", "the password of a thief").at("/access_token");
    CHECK(get("/api/v1/auth/me", thief).at("/orgs") == "[]");
    CHECK(accept(*token, "the password of the boss").status == 401);
}

TEST_CASE_METHOD(Door, "the operator makes an owner: a member at once, anybody else by a one-time token") {
    add_member(owner, "acme", "ada@example.com", "viewer");
    const auto made = promote("Ada@Example.com");
    REQUIRE(made);
    CHECK(made->empty());
    const auto ada = sign_in("ada@example.com").at("/access_token");
    CHECK(get("/api/v1/auth/me", ada).at("/orgs/0/role") == "owner");
    CHECK(promote("ada@example.com")->empty());
    const auto entries = get("/api/v1/orgs/acme/audit?action=member.updated", owner);
    CHECK(entries.at("/items/0/entry/actor_kind") == "operator");
    CHECK(entries.at("/items/0/entry/comment") == "make-owner");

    const auto token = promote("new@example.com");
    REQUIRE(token);
    const auto fresh = accept(*token);
    CHECK(fresh.status == 200);
    CHECK(get("/api/v1/auth/me", fresh.at("/access_token")).at("/orgs/0/role") == "owner");
    CHECK(accept(*token).status == 401);
    CHECK(promote("new@example.com", "nowhere").error().code == Errc::not_found);
    CHECK(promote("nonsense").error().code == Errc::invalid_input);
}
