// Signing in by an identity provider: who comes in, as whom and with which role.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/integration/control-plane/sign_on/signing_on.hpp"

using namespace fanion;
using test::acme;
using test::SigningOn;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(SigningOn, "who is unknown becomes a member, and is the same person the next time") {
    REQUIRE(add_provider().status == 201);
    const auto begun = begin("?return_to=/flags");
    REQUIRE(begun.reply.status == 303);
    CHECK(begun.reply.header("Location").starts_with(provider.issuer() + "/auth?response_type=code&client_id=fanion&"));
    CHECK(begun.asked.at("redirect_uri") == origin() + "/api/v1/auth/sign-on/callback");
    CHECK(begun.asked.at("scope") == "openid email profile");
    CHECK(begun.reply.header("Set-Cookie").ends_with("; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"));
    const auto reply = come_back(begun, provider.sign_in(begun.asked, "s-1", "ada@example.com"));
    INFO(reply.body);
    REQUIRE(reply.status == 303);
    CHECK(reply.header("Location") == "/flags");
    CHECK(test::SigningOn::cookie_in(reply, "__Host-fanion-sign-on=") == "__Host-fanion-sign-on=");
    const auto cookie = session_in(reply);
    const auto who = as(cookie, me);
    CHECK(who.at("/user/email") == "ada@example.com");
    CHECK(who.at("/orgs/0/key") == "acme");
    CHECK(who.at("/orgs/0/role") == "viewer");
    CHECK(newest("action") == "session.started");
    CHECK(newest("after") == R"({"identity_provider":"main"})");
    CHECK(newest("actor_id") == who.at("/user/id"));
    CHECK(get(acme + "/audit?action=member.joined", owner).at("/items/0/entry/resource") ==
          "members/" + who.at("/user/id"));
    const auto again = sign_on("s-1", "renamed@elsewhere.example");  // known by the subject
    CHECK(as(session_in(again), me).at("/user/id") == who.at("/user/id"));
    CHECK(provider.authorizations().at(0) == "Basic " + to_base64("fanion:s3cret"));
    CHECK(as(cookie, acme + "/projects").status == 200);
}

TEST_CASE_METHOD(SigningOn, "a member is found by a verified address of a domain of the provider, in any spelling") {
    REQUIRE(add_provider(R"(,"domains":["example.com"])").status == 201);
    add_member(owner, "acme", "ada@example.com", "developer");
    CHECK(sign_on("s-1", "ada@example.com", R"(,"email_verified":false)").errors() == Texts{" email_not_verified"});
    CHECK(sign_on("s-1", "ada@evil.example").errors() == Texts{" foreign_domain"});
    const auto reply = sign_on("s-1", "Ada@Example.COM");
    INFO(reply.body);
    REQUIRE(reply.status == 303);
    CHECK(as(session_in(reply), me).at("/orgs/0/role") == "developer");
    CHECK(sign_on("s-2", "ada@example.com").errors() == Texts{" other_subject"});
    CHECK(sign_on("s-3", "eve@example.com").errors() == Texts{" not_a_member"});
}

TEST_CASE_METHOD(SigningOn, "groups give roles, at each sign-in anew, and their loss takes them") {
    REQUIRE(add_provider(R"(,"domains":["example.com"],"adds_members":true,"groups_claim":"groups")").status == 201);
    const auto rules =
        put(acme + "/group-roles", owner, R"({"rules":[{"group":"dev","role":"developer"}],"default_role":null})");
    INFO(rules.body);
    REQUIRE(rules.status == 200);
    CHECK(sign_on("s-1", "ada@example.com", R"(,"groups":["sales"])").errors() == Texts{" not_a_member"});
    const auto first = sign_on("s-1", "ada@example.com", R"(,"groups":["sales","dev"])");
    REQUIRE(first.status == 303);
    CHECK(as(session_in(first), me).at("/orgs/0/role") == "developer");
    CHECK(sign_on("s-1", "ada@example.com").errors() == Texts{" not_a_member"});
    CHECK(as(session_in(first), acme + "/projects").status == 404);  // the membership has gone
    CHECK(newest("action") == "member.removed");
    CHECK(as(session_in(sign_on("s-1", "ada@example.com", R"(,"groups":["dev"])")), me).at("/orgs/0/role") ==
          "developer");
}

TEST_CASE_METHOD(SigningOn, "keys that the provider has replaced are fetched again, at most once in some seconds") {
    REQUIRE(add_provider().status == 201);
    REQUIRE(sign_on().status == 303);
    REQUIRE(sign_on().status == 303);
    CHECK(provider.fetches_of_keys() == 1);
    provider.rotate("k2");
    CHECK(sign_on().errors() == Texts{" unknown_key"});
    CHECK(provider.fetches_of_keys() == 1);
    clock.advance(5'000);
    CHECK(sign_on().status == 303);
    CHECK(provider.fetches_of_keys() == 2);
}

TEST_CASE_METHOD(SigningOn, "a provider that is away is said so, and is asked again when it is back") {
    REQUIRE(add_provider().status == 201);
    provider.fail_with(503);
    CHECK(begin().reply.status == 503);
    provider.fail_with(0);
    CHECK(begin().reply.status == 503);  // asked a moment ago
    clock.advance(5'000);
    const auto begun = begin();
    REQUIRE(begun.reply.status == 303);
    const auto code = provider.sign_in(begun.asked, "s-1", "ada@example.com");
    provider.fail_with(500);
    const auto failed = come_back(begun, code);
    CHECK(failed.status == 503);
    CHECK(failed.body.find("127.0.0.1") == std::string::npos);
    provider.fail_with(0);
    CHECK(come_back(begun, code).status == 303);
    clock.advance(2LL * 60 * 60 * 1000);
    provider.fail_with(500);
    CHECK(begin().reply.status == 303);  // by what it said before
}

TEST_CASE_METHOD(SigningOn, "a program of the same machine gets a code, and tokens for it once") {
    REQUIRE(add_provider().status == 201);
    const std::string verifier(43, 'v');
    const auto hash = sha256(verifier);
    const auto begun = begin("?client_port=49152&client_challenge=" + to_base64url(as_view(hash)));
    const auto reply = come_back(begun, provider.sign_in(begun.asked, "s-1", "ada@example.com"));
    INFO(reply.body);
    REQUIRE(reply.status == 303);
    CHECK(reply.header("Location").starts_with("http://127.0.0.1:49152/?code="));
    CHECK(session_in(reply).empty());
    const auto code = test::parameters_of(reply.header("Location")).at("code");
    const auto take = [&](const std::string& with) {
        return post("/api/v1/auth/sign-on/token", "", R"({"code":")" + code + R"(","code_verifier":")" + with + "\"}");
    };
    CHECK(take("other").errors() == Texts{" wrong_code"});
    const auto tokens = take(verifier);
    INFO(tokens.body);
    REQUIRE(tokens.status == 200);
    CHECK(newest("action") == "session.started");
    CHECK(get(acme + "/projects", tokens.at("/access_token")).status == 200);
    CHECK(take(verifier).errors() == Texts{" wrong_code"});
    const auto refreshed =
        post("/api/v1/auth/refresh", "", R"({"refresh_token":")" + tokens.at("/refresh_token") + "\"}");
    CHECK(get(acme + "/projects", refreshed.at("/access_token")).status == 200);
    CHECK(post("/api/v1/auth/tokens", refreshed.at("/access_token"), R"({"name":"n","scopes":["read"]})").errors() ==
          Texts{" account_required"});
    CHECK(begin("?client_port=80&client_challenge=" + std::string(43, 'c')).reply.errors() ==
          Texts{"?client_port malformed"});
    CHECK(begin("?client_port=49152").reply.errors() == Texts{"?client_challenge malformed"});
}
