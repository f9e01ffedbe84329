// The second factor: setting it up, signing in with it, losing it, and organisations that require
// it.

#include <catch2/catch.hpp>

#include "control-plane/app/password_reset.hpp"
#include "control-plane/app/second_factor_removal.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/integration/control-plane/identity/authenticator.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::identity::totp_code;
using cp::identity::totp_step;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string factor = "/api/v1/auth/second-factor";

using Codes = std::vector<std::string>;

// Ada is a member of the organisation whose owner is another person.
class Factors : public ApiFixture {
public:
    Factors()
        : owner(bootstrap_owner("acme", "owner@example.com")),
          ada(add_member(owner, "acme", "ada@example.com", "admin")) {}

    static std::string with_password(const std::string& more = "") {
        return R"({"password":")" + std::string(default_password) + '"' + more + '}';
    }
    static std::string with_code(const std::string& code) { return R"({"code":")" + code + "\"}"; }

    std::string next_code(const std::string& secret) { return test::next_code(clock, secret); }
    std::string begin(const std::string& token) {
        const auto begun = post(factor, token, with_password());
        INFO(begun.body);
        REQUIRE(begun.status == 200);
        CHECK(begun.at("/uri").find(begun.at("/secret")) != std::string::npos);
        return test::from_base32(begun.at("/secret"));
    }
    // The secret; the recovery codes are in `recovery`.
    std::string enable(const std::string& token) {
        const auto secret = begin(token);
        recovery = post(factor + "/confirm", token, with_code(next_code(secret)));
        INFO(recovery.body);
        REQUIRE(recovery.status == 200);
        return secret;
    }
    Reply sign_in(const std::string& code = "", const std::string& email = "ada@example.com") {
        const auto more = code.empty() ? "" : R"(,"code":")" + code + '"';
        return post("/api/v1/auth/login", "", with_password(R"(,"email":")" + email + '"' + more));
    }
    std::string entry(const std::string& action, const std::string& member) {
        return get(acme + "/audit?limit=1&action=" + action, owner).at("/items/0/entry/" + member);
    }
    std::string failures() {
        return sql("SELECT coalesce(sum(failures), 0) FROM fanion.sign_in_failures WHERE subject LIKE 'address:%'");
    }

    std::string owner;
    std::string ada;
    Reply recovery;
};

}  // namespace

TEST_CASE_METHOD(Factors, "a second factor is set up with the password and in force once a code has confirmed it") {
    CHECK(get(factor, ada).at("/enabled") == "false");
    CHECK(post(factor, ada, R"({"password":"not the right one"})").errors() == Codes{"/password wrong_password"});
    CHECK(post(factor + "/confirm", ada, with_code("123456")).errors() == Codes{" not_begun"});
    const auto secret = begin(ada);
    CHECK(sign_in().status == 200);  // not in force
    const auto first = totp_code(secret, totp_step(clock.now()) + 7);
    CHECK(post(factor + "/confirm", ada, with_code(first)).errors() == Codes{"/code wrong_code"});
    const auto other = begin(ada);
    CHECK(post(factor + "/confirm", ada, with_code(next_code(secret))).errors() == Codes{"/code wrong_code"});
    const auto confirmed = post(factor + "/confirm", ada, with_code(next_code(other)));
    REQUIRE(confirmed.status == 200);
    CHECK(confirmed.document->root().find("recovery_codes").size() == 10);
    CHECK(get(factor, ada).at("/enabled") == "true");
    CHECK(get(factor, ada).at("/recovery_codes_left") == "10");
    CHECK(entry("second_factor.enabled", "resource").starts_with("members/"));
    CHECK(post(factor, ada, with_password()).errors() == Codes{" already_enabled"});
    CHECK(sql("SELECT position('\\x" + to_hex(other) + "'::bytea IN sealed_secret) FROM fanion.second_factors") == "0");
    CHECK(sql("SELECT count(*) FROM fanion.recovery_codes WHERE code_sha256 = sha256(replace('" +
              confirmed.at("/recovery_codes/0") + "', '-', '')::bytea)") == "1");
}

TEST_CASE_METHOD(Factors, "a sign-in wants the code once the password was right, and takes it once") {
    const auto secret = enable(ada);
    const auto wanted = sign_in();
    CHECK(wanted.status == 401);
    CHECK(wanted.errors() == Codes{"/code code_required"});
    const auto code = next_code(secret);
    CHECK(sign_in(code).status == 200);
    CHECK(sign_in(code).errors() == Codes{"/code wrong_code"});
    CHECK(sign_in(next_code(secret)).status == 200);
    const auto guess =
        post("/api/v1/auth/login", "",
             R"({"email":"ada@example.com","password":"another password","code":")" + next_code(secret) + "\"}");
    CHECK(guess.status == 401);
    CHECK(guess.errors() ==
          Codes{" wrong_credentials"});  // nothing of the second factor to who does not know the first
}

TEST_CASE_METHOD(Factors, "a browser signs in with the code too") {
    const auto secret = enable(ada);
    const auto sign_in_with = [&](const std::string& more) {
        const auto body = with_password(R"(,"email":"ada@example.com")" + more);
        return send({net::Method::post, "/api/v1/auth/session", "", body, {{"Origin", origin()}}});
    };
    CHECK(sign_in_with("").errors() == Codes{"/code code_required"});
    CHECK(sign_in_with(R"(,"code":")" + next_code(secret) + '"').header("Set-Cookie").starts_with("__Host-fanion="));
}

TEST_CASE_METHOD(Factors, "codes are guessed as slowly as passwords, and a right one ends the delay") {
    const auto secret = enable(ada);
    CHECK(failures() == "0");
    CHECK(sign_in().status == 401);
    CHECK(failures() == "1");
    CHECK(sign_in("000000").status == 401);
    CHECK(failures() == "2");
    await_background();
    CHECK(entry("session.denied", "resource") == "members/" + get("/api/v1/auth/me", ada).at("/user/id"));
    CHECK(sign_in(next_code(secret)).status == 200);
    CHECK(failures() == "0");
    sql("INSERT INTO fanion.sign_in_failures VALUES ('address:127.0.0.1 account:ada@example.com', 9, to_timestamp(" +
        std::to_string(clock.now() / 1000) + "), to_timestamp(" + std::to_string(clock.now() / 1000 + 60) + "))");
    for (const auto* place : {"/confirm", "/disable", "/recovery-codes"}) {
        const auto held_up = post(factor + place, ada, with_code("000000"));
        CHECK(held_up.status == 429);
        CHECK_FALSE(held_up.header("Retry-After").empty());
    }
    CHECK(post(factor, ada, with_password()).status == 429);
}

TEST_CASE_METHOD(Factors, "each recovery code signs in once, and new ones replace the old") {
    enable(ada);
    const auto code = recovery.at("/recovery_codes/3");
    CHECK(sign_in(code).status == 200);
    CHECK(sign_in(code).errors() == Codes{"/code wrong_code"});
    CHECK(get(factor, ada).at("/recovery_codes_left") == "9");
    const auto fresh = post(factor + "/recovery-codes", ada, with_code(recovery.at("/recovery_codes/4")));
    REQUIRE(fresh.status == 200);
    CHECK(fresh.document->root().find("recovery_codes").size() == 10);
    CHECK(entry("second_factor.enabled", "before/recovery_codes_left") == "9");
    CHECK(sign_in(recovery.at("/recovery_codes/5")).status == 401);
    CHECK(sign_in(fresh.at("/recovery_codes/5")).status == 200);
}

TEST_CASE_METHOD(Factors, "the factor is removed with a code, or by the operator, with an entry in the log") {
    const auto secret = enable(ada);
    CHECK(post(factor + "/disable", ada, with_code("")).errors() == Codes{"/code code_required"});
    CHECK(post(factor + "/disable", ada, with_code("000000")).errors() == Codes{"/code wrong_code"});
    CHECK(post(factor + "/disable", ada, with_code(next_code(secret))).status == 204);
    CHECK(entry("second_factor.removed", "actor_kind") == "user");
    CHECK(sign_in().status == 200);
    CHECK(post(factor + "/disable", ada, with_code("000000")).errors() == Codes{" not_enabled"});
    enable(ada);
    CHECK(sign_in().status == 401);
    REQUIRE(run(cp::app::remove_second_factor(pool, "ada@example.com", clock.now())));
    CHECK(entry("second_factor.removed", "actor_kind") == "operator");
    CHECK(sign_in().status == 200);
    CHECK(run(cp::app::remove_second_factor(pool, "ada@example.com", clock.now())).error().code == Errc::not_found);
    CHECK(run(cp::app::remove_second_factor(pool, "x@example.com", clock.now())).error().code == Errc::not_found);
}

TEST_CASE_METHOD(Factors, "neither an invitation nor a reset of the password goes past the second factor") {
    const auto secret = enable(ada);
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
    const auto invited =
        post("/api/v1/orgs/beta/members", owner, R"({"email":"ada@example.com","role":"viewer"})").at("/setup_token");
    const auto reset = run(cp::app::make_password_reset(pool, "ada@example.com", clock.now())).value();
    for (const auto& [path, token] :
         {std::pair{std::string("/api/v1/auth/setup"), invited}, std::pair{std::string("/api/v1/auth/reset"), reset}}) {
        const auto use = [&](const std::string& more) {
            return post(path, "", with_password(R"(,"token":")" + token + '"' + more));
        };
        CHECK(use("").errors() == Codes{"/code code_required"});
        CHECK(use(R"(,"code":"000000")").errors() == Codes{"/code wrong_code"});
        const auto done = use(R"(,"code":")" + next_code(secret) + '"');
        INFO(done.body);
        CHECK(done.status == 200);
    }
    CHECK(sign_in().errors() == Codes{"/code code_required"});
}

TEST_CASE_METHOD(Factors, "tokens do not change a second factor") {
    const auto body = R"({"name":"n","scopes":["read","manage_organisation"]})";
    const auto token = post("/api/v1/auth/tokens", ada, body).at("/token");
    CHECK(get(factor, token).status == 403);
    CHECK(post(factor, token, with_password()).errors() == Codes{" session_required"});
    CHECK(post(factor + "/disable", token, with_code("000000")).status == 403);
}

TEST_CASE_METHOD(Factors, "an organisation may require the factor, of who has one already") {
    const auto settings = acme + "/sign-in";
    CHECK(get(settings, ada).at("/second_factor") == "optional");
    const auto required = R"({"second_factor":"required"})";
    CHECK(put(settings, ada, required).status == 403);
    CHECK(put(settings, owner, required).errors() == Codes{"/second_factor enrol_first"});
    CHECK(put(settings, owner, R"({"second_factor":"maybe"})").errors() == Codes{"/second_factor malformed"});
    CHECK(put(settings, owner, "{}").errors() == Codes{"/second_factor missing"});
    CHECK(put(settings, owner, R"({"second_factor":"optional"})").status == 200);
    enable(owner);
    CHECK(put(settings, owner, required, "\"7\"").status == 412);
    const auto done = put(settings, owner, required, "\"0\"");
    REQUIRE(done.status == 200);
    CHECK(done.at("/second_factor") == "required");
    CHECK(entry("org.updated", "resource") == "sign-in");
    CHECK(entry("org.updated", "after/second_factor") == "required");
    CHECK(put(settings, owner, R"({"second_factor":"optional"})", done.etag()).status == 200);
}

TEST_CASE_METHOD(Factors, "members without the required factor do and read nothing there until they have one") {
    const auto service = post(acme + "/tokens", owner, R"({"name":"n","role":"viewer"})").at("/token");
    const auto personal = post("/api/v1/auth/tokens", ada, R"({"name":"n","scopes":["read"]})").at("/token");
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
    enable(owner);
    REQUIRE(put(acme + "/sign-in", owner, R"({"second_factor":"required"})").status == 200);
    for (const auto* path : {"", "/members", "/projects", "/sign-in", "/audit", "/me/permissions"}) {
        INFO(path);
        CHECK(get(acme + path, ada).errors() == Codes{" second_factor_required"});
        CHECK(get(acme + path, personal).status == 403);
        CHECK(get(acme + path, owner).status != 403);
    }
    CHECK(post(acme + "/projects", ada, R"({"key":"web"})").errors() == Codes{" second_factor_required"});
    CHECK(entry("request.refused", "actor_id") == get("/api/v1/auth/me", ada).at("/user/id"));
    CHECK(get(acme + "/projects", service).status == 200);
    const auto me = get("/api/v1/auth/me", ada);
    CHECK(me.at("/orgs/0/lacks_second_factor") == "true");
    CHECK(me.at("/orgs/0/permissions") == "[]");
    CHECK(get("/api/v1/orgs/beta/projects", owner).status == 200);
    enable(ada);
    CHECK(get(acme + "/projects", ada).status == 200);
    CHECK(get(acme + "/projects", personal).status == 200);
    CHECK(get("/api/v1/auth/me", ada).at("/orgs/0/lacks_second_factor") == "false");
    REQUIRE(run(cp::app::remove_second_factor(pool, "ada@example.com", clock.now())));
    CHECK(get(acme + "/projects", ada).status == 403);
}
