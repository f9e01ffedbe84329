// Setup, sign-in and refresh.

#include <catch2/catch.hpp>

#include "control-plane/app/bootstrap.hpp"
#include "control-plane/app/password_reset.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/sessions.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::Reply;

namespace {

class Auth : public ApiFixture {
public:
    std::string invitation() {
        return run(cp::app::bootstrap(pool, {"owner@example.com", "acme", ""}, clock.now())).value();
    }
    Reply login(const std::string& email, const std::string& password = default_password) {
        return post("/api/v1/auth/login", "", R"({"email":")" + email + R"(","password":")" + password + "\"}");
    }
    Reply refresh(const std::string& token) {
        return post("/api/v1/auth/refresh", "", R"({"refresh_token":")" + token + "\"}");
    }
    Reply try_setup(const std::string& token, const std::string& password = default_password) {
        return post("/api/v1/auth/setup", "", R"({"token":")" + token + R"(","password":")" + password + "\"}");
    }
    Reply reset(const std::string& token, const std::string& password) {
        return post("/api/v1/auth/reset", "", R"({"token":")" + token + R"(","password":")" + password + "\"}");
    }
    unsigned me(const std::string& token) { return get("/api/v1/auth/me", token).status; }
};

}  // namespace

TEST_CASE_METHOD(Auth, "bootstrap creates an owner once; the token works once and for a day") {
    const auto unused = invitation();
    const auto token = invitation();  // bootstrap repeats it until one has been used
    REQUIRE(try_setup(token).status == 200);
    CHECK(try_setup(token).status == 401);
    const auto again = run(cp::app::bootstrap(pool, {"second@example.com", "acme", ""}, clock.now()));
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::conflict);
    clock.advance(25LL * 3600 * 1000);
    CHECK(try_setup(unused).status == 401);
    CHECK(login("owner@example.com").status == 200);
}

TEST_CASE_METHOD(Auth, "a weak password is refused with a reason, and the token stays valid") {
    const auto token = invitation();
    CHECK(try_setup(token, "short").errors() == std::vector<std::string>{"/password too_short"});
    CHECK(try_setup(token, "password1234").errors() == std::vector<std::string>{"/password common_password"});
    CHECK(try_setup(token).status == 200);
}

TEST_CASE_METHOD(Auth, "signing in returns a bearer token that identifies the person") {
    bootstrap_owner("acme", "owner@example.com");
    const auto signed_in = login("Owner@Example.com");
    REQUIRE(signed_in.status == 200);
    CHECK(signed_in.at("/token_type") == "Bearer");
    CHECK(signed_in.at("/expires_in") == "600");
    const auto me = get("/api/v1/auth/me", signed_in.at("/access_token"));
    CHECK(me.at("/user/email") == "owner@example.com");
    CHECK(me.at("/orgs/0/key") == "acme");
    CHECK(me.at("/orgs/0/role") == "owner");
}

TEST_CASE_METHOD(Auth, "a wrong password and an unknown account get the same response") {
    bootstrap_owner("acme", "owner@example.com");
    const auto wrong = login("owner@example.com", "not the password");
    const auto unknown = login("nobody@example.com");
    CHECK(wrong.status == 401);
    CHECK(unknown.status == 401);
    CHECK(wrong.at("/detail") == unknown.at("/detail"));
}

TEST_CASE_METHOD(Auth, "failures delay the next attempt, and a correct password resets them") {
    bootstrap_owner("acme", "owner@example.com");
    sql("INSERT INTO fanion.sign_in_failures VALUES ('address:127.0.0.1 account:owner@example.com', 9, to_timestamp(" +
        std::to_string(clock.now() / 1000) + "), to_timestamp(" + std::to_string(clock.now() / 1000 + 60) + "))");
    const auto early = login("owner@example.com");
    CHECK(early.status == 429);
    const auto seconds = std::stoi(early.header("Retry-After"));
    CHECK(seconds >= 49);  // a turn that is at most ten seconds away is waited for
    CHECK(seconds <= 51);
    clock.advance(61'000);
    CHECK(login("owner@example.com").status == 200);
    CHECK(sql("SELECT count(*) FROM fanion.sign_in_failures") == "0");
}

TEST_CASE_METHOD(Auth, "an access token expires after ten minutes") {
    const auto token = bootstrap_owner("acme", "owner@example.com");
    CHECK(me(token) == 200);
    clock.advance(cp::identity::AccessTokens::lifetime);
    CHECK(me(token) == 401);
}

TEST_CASE_METHOD(Auth, "a refresh token works once; using it twice ends the session") {
    bootstrap_owner("acme", "owner@example.com");
    const auto first = login("owner@example.com");
    const auto other = login("owner@example.com");
    const auto second = refresh(first.at("/refresh_token"));
    REQUIRE(second.status == 200);
    CHECK(me(second.at("/access_token")) == 200);
    clock.advance(cp::identity::refresh_grace);
    CHECK(refresh(first.at("/refresh_token")).status == 401);
    CHECK(refresh(second.at("/refresh_token")).status == 401);
    CHECK(me(second.at("/access_token")) == 401);
    CHECK(me(first.at("/access_token")) == 401);
    CHECK(me(other.at("/access_token")) == 200);  // another session
}

TEST_CASE_METHOD(Auth, "signing out ends the session immediately") {
    bootstrap_owner("acme", "owner@example.com");
    const auto signed_in = login("owner@example.com");
    const auto token = signed_in.at("/access_token");
    CHECK(post("/api/v1/auth/logout", token, "").status == 204);
    CHECK(me(token) == 401);
    CHECK(refresh(signed_in.at("/refresh_token")).status == 401);
}

TEST_CASE_METHOD(Auth, "without a credential, or with a key of an application, every request is refused") {
    const auto owner = bootstrap_owner("acme", "owner@example.com");
    REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
    const auto key =
        post("/api/v1/orgs/acme/projects/web/environments/development/keys", owner, R"({"kind":"server"})");
    CHECK(get("/api/v1/orgs/acme", "").status == 401);
    CHECK(get("/api/v1/orgs/acme", "nonsense").status == 401);
    CHECK(get("/api/v1/orgs/acme", key.at("/key")).status == 403);
    auto mistyped = key.at("/key");
    mistyped.back() = mistyped.back() == '0' ? '1' : '0';
    CHECK(get("/api/v1/orgs/acme", mistyped).status == 401);
}

TEST_CASE_METHOD(Auth, "a refresh token that its client presents again at once is answered again") {
    bootstrap_owner("acme", "owner@example.com");
    const auto token = login("owner@example.com").at("/refresh_token");
    std::vector<test::ApiRequest> requests;
    for (int i = 0; i < 6; ++i) {
        requests.push_back({net::Method::post, "/api/v1/auth/refresh", "", R"({"refresh_token":")" + token + "\"}"});
    }
    for (const auto& reply : send_at_once(std::move(requests))) {
        CHECK(reply.status == 200);
        CHECK(me(reply.at("/access_token")) == 200);
        CHECK(refresh(reply.at("/refresh_token")).status == 200);
    }
    SECTION("not ten seconds later") { clock.advance(cp::identity::refresh_grace); }
    SECTION("not from another address") { sql("UPDATE refresh_tokens SET used_from = '192.0.2.7'"); }
    CHECK(refresh(token).status == 401);
    CHECK(sql("SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL") == "1");  // of the setup
}

TEST_CASE_METHOD(Auth, "thirty guesses at the same time, of an account that is guessed from everywhere, take turns") {
    const auto now = "to_timestamp(" + std::to_string(clock.now() / 1000) + ")";
    sql("INSERT INTO sign_in_failures VALUES ('account:owner@example.com', 100, " + now + ", " + now + ")");
    std::vector<test::ApiRequest> requests;
    for (int i = 0; i < 30; ++i) {
        requests.push_back({net::Method::post, "/api/v1/auth/login", "",
                            R"({"email":"owner@example.com","password":"guess number )" + std::to_string(i) + "\"}"});
    }
    int tried = 0;
    int refused = 0;
    for (const auto& reply : send_at_once(std::move(requests))) {
        if (reply.status == 401) ++tried;
        if (reply.status == 429) ++refused;
        CHECK(reply.header("Retry-After").empty() == (reply.status != 429));
    }
    CHECK(tried == 1);
    CHECK(refused == 29);
}

TEST_CASE_METHOD(Auth,
                 "spellings that a locale takes for the same address are other accounts, and have no fresh memory") {
    bootstrap_owner("acme", "kim@example.com");
    CHECK(login("KIM@EXAMPLE.COM").status == 200);
    CHECK(login("\u212Aim@example.com").status == 401);
    CHECK(login("k\u0130m@example.com").status == 401);
    CHECK(login("Kim@example.com", "not the password").status == 401);
    CHECK(login("kIM@example.com", "not the password").status == 401);
    CHECK(sql("SELECT failures FROM sign_in_failures WHERE subject = 'account:kim@example.com'") == "2");
}

TEST_CASE_METHOD(Auth, "a password that is guessed by an invitation counts like one that is guessed at sign-in") {
    const auto owner = bootstrap_owner("acme", "owner@example.com");
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    add_member(owner, "acme", "ada@example.com", "admin");
    const auto token =
        post("/api/v1/orgs/globex/members", owner, R"({"email":"ada@example.com","role":"viewer"})").at("/setup_token");
    CHECK(try_setup(token, "not the password").status == 401);
    CHECK(login("ada@example.com", "not the password").status == 401);
    CHECK(sql("SELECT failures FROM sign_in_failures WHERE subject = 'account:ada@example.com'") == "2");
    CHECK(try_setup(token).status == 200);
}

TEST_CASE_METHOD(Auth,
                 "the operator's reset sets a password once and ends all sessions of whoever knew the one before") {
    const auto thief = bootstrap_owner("acme", "owner@example.com");
    CHECK(run(cp::app::make_password_reset(pool, "nobody@example.com", clock.now())).error().code == Errc::not_found);
    const auto unused = run(cp::app::make_password_reset(pool, "Owner@Example.com", clock.now())).value();
    const auto token = run(cp::app::make_password_reset(pool, "owner@example.com", clock.now())).value();
    CHECK(me(thief) == 200);  // nothing changes before it is used
    CHECK(reset(token, "short").errors() == std::vector<std::string>{"/password too_short"});
    CHECK(reset("no token", "a new password of some length").status == 401);
    const auto done = reset(token, "a new password of some length");
    REQUIRE(done.status == 200);
    CHECK(me(done.at("/access_token")) == 200);
    CHECK(me(thief) == 401);
    CHECK(login("owner@example.com").status == 401);
    CHECK(login("owner@example.com", "a new password of some length").status == 200);
    CHECK(reset(token, "another password of some length").status == 401);
    CHECK(reset(unused, "another password of some length").status == 401);
    CHECK(sql("SELECT count(*) FROM audit WHERE action = 'password.reset'") == "1");
    const auto late = run(cp::app::make_password_reset(pool, "owner@example.com", clock.now())).value();
    clock.advance(24LL * 3600 * 1000);
    CHECK(reset(late, "another password of some length").status == 401);
}

TEST_CASE_METHOD(Auth, "no session of before a reset survives it, whatever happens at the same time") {
    bootstrap_owner("acme", "owner@example.com");
    std::string password = default_password;
    for (int round = 0; round < 10; ++round) {
        const auto before = login("owner@example.com", password).at("/refresh_token");
        const auto token = run(cp::app::make_password_reset(pool, "owner@example.com", clock.now())).value();
        const auto next = "password number " + std::to_string(round);
        std::vector<test::ApiRequest> requests;
        requests.push_back({net::Method::post, "/api/v1/auth/reset", "",
                            R"({"token":")" + token + R"(","password":")" + next + "\"}"});
        for (int i = 0; i < 5; ++i) {
            requests.push_back(
                {net::Method::post, "/api/v1/auth/refresh", "", R"({"refresh_token":")" + before + "\"}"});
        }
        requests.push_back({net::Method::post, "/api/v1/auth/login", "",
                            R"({"email":"owner@example.com","password":")" + password + "\"}"});
        const auto replies = send_at_once(std::move(requests));
        REQUIRE(replies[0].status == 200);
        CHECK(me(replies[0].at("/access_token")) == 200);
        for (std::size_t i = 1; i < replies.size(); ++i) CHECK(me(replies[i].at("/access_token")) == 401);
        CHECK(sql("SELECT count(DISTINCT session_id) FROM refresh_tokens WHERE revoked_at IS NULL") == "1");
        password = next;
    }
}

TEST_CASE_METHOD(Auth, "whoever resets a password can sign in there, however much others guess") {
    bootstrap_owner("acme", "owner@example.com");
    const auto token = run(cp::app::make_password_reset(pool, "owner@example.com", clock.now())).value();
    const auto at = [](UnixMillis time) { return "to_timestamp(" + std::to_string(time / 1000) + ")"; };
    sql("DELETE FROM sign_in_addresses");
    sql("INSERT INTO sign_in_failures VALUES ('account:owner@example.com', 100, " + at(clock.now()) + ", " +
        at(clock.now() + 60'000) + ")");
    CHECK(login("owner@example.com").status == 429);
    REQUIRE(reset(token, "a new password of some length").status == 200);
    CHECK(login("owner@example.com", "a new password of some length").status == 200);
}

TEST_CASE_METHOD(Auth, "an attempt to sign in does not count as one to use a token") {
    CHECK(login("setup 127.0.0.1").status == 401);
    CHECK(login("reset 127.0.0.1").status == 401);
    CHECK(sql("SELECT count(*) FROM sign_in_failures WHERE subject LIKE '%token:%'") == "0");
    CHECK(try_setup("no token").status == 401);
    CHECK(sql("SELECT failures FROM sign_in_failures WHERE subject = 'token:setup 127.0.0.1'") == "1");
}
