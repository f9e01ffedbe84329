// Personal tokens: what they may do, and their life.

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/base/ids.hpp"
#include "control-plane/app/password_reset.hpp"
#include "control-plane/tokens/token.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string mine = "/api/v1/auth/tokens";

class PersonalTokens : public ApiFixture {
public:
    PersonalTokens() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }

    Reply make(const std::string& scopes, const std::string& session) {
        return post(mine, session, R"({"name":"ci","scopes":)" + scopes + "}");
    }
    Reply newest() { return get(acme + "/audit?limit=1", owner); }
    std::string org_count() { return sql("SELECT count(*) FROM fanion.orgs"); }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(PersonalTokens, "a personal token is shown once, and only its hash is stored") {
    const auto made = make(R"(["read"])", owner);
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto secret = made.at("/token");
    REQUIRE(parse_api_key(secret));
    CHECK(parse_api_key(secret)->kind == "pat");
    CHECK(parse_api_key(secret)->id == made.at("/id"));
    CHECK(made.at("/prefix") == "fan_pat_" + made.at("/id"));
    CHECK(made.header("Location") == mine + "/" + made.at("/id"));
    const auto seen = get(made.header("Location"), owner);
    CHECK(seen.status == 200);
    CHECK(seen.at("/token").empty());
    CHECK(seen.etag() == made.etag());
    const auto list = get(mine, owner);
    CHECK(list.at("/items/0/id") == made.at("/id"));
    CHECK(list.body.find(secret) == std::string::npos);
    CHECK(get(acme + "/audit", owner).body.find(secret) == std::string::npos);
    CHECK(sql("SELECT count(*) FROM fanion.personal_tokens WHERE sha256 = '\\x" + to_hex(sha256(secret)) + "'") == "1");
}

TEST_CASE_METHOD(PersonalTokens, "a token is accepted as bearer and as X-API-Key, and acts as its person") {
    const auto secret = make(R"(["read","edit"])", owner).at("/token");
    const auto flags = acme + "/projects/web/flags";
    CHECK(post(flags, secret, R"({"key":"f","type":"boolean"})").status == 201);
    CHECK(send({net::Method::get, flags + "/f", "", "", {{"X-API-Key", secret}}}).status == 200);
    CHECK(send({net::Method::get, flags + "/f", secret, "", {{"X-API-Key", secret}}}).status == 200);
    CHECK(send({net::Method::get, flags + "/f", secret, "", {{"X-API-Key", "of-a-proxy"}}}).status == 200);
    const auto two = send({net::Method::get, flags + "/f", owner, "", {{"X-API-Key", secret}}});
    CHECK(two.status == 400);
    CHECK(two.at("/detail") == "Authorization and X-API-Key have different credentials: send one of them");
    const auto entry = newest();
    CHECK(entry.at("/items/0/entry/action") == "flag.created");
    CHECK(entry.at("/items/0/entry/actor_kind") == "user");
    CHECK(entry.at("/items/0/entry/actor_email") == "owner@example.com");
    CHECK(entry.at("/items/0/entry/credential_id") == secret.substr(0, 18));
    const auto me = get("/api/v1/auth/me", secret);
    CHECK(me.at("/user/email") == "owner@example.com");
    CHECK(me.at("/credential/kind") == "personal_token");
    CHECK(me.at("/credential/id") == secret.substr(0, 18));
    CHECK(me.at("/credential/scopes") == R"(["read","edit"])");
    CHECK(get("/api/v1/auth/me", owner).at("/credential/kind") == "session");
}

TEST_CASE_METHOD(PersonalTokens, "a token may do what its scopes and its person's present rights have in common") {
    const auto flags = acme + "/projects/web/flags";
    const auto reader = make(R"(["read"])", owner).at("/token");
    CHECK(get(flags, reader).status == 200);
    const auto refused = post(flags, reader, R"({"key":"f","type":"boolean"})");
    CHECK(refused.status == 403);
    CHECK(newest().at("/items/0/entry/action") == "request.refused");
    CHECK(newest().at("/items/0/entry/credential_id") == reader.substr(0, 18));

    const auto ada = add_member(owner, "acme", "ada@example.com", "developer");
    const auto wide = make(R"(["read","edit","manage_keys","manage_organisation"])", ada).at("/token");
    CHECK(post(flags, wide, R"({"key":"g","type":"boolean"})").status == 201);
    CHECK(get(acme + "/keys", wide).status == 403);  // a scope gives nothing that the person lacks
    const auto id = get("/api/v1/auth/me", ada).at("/user/id");
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"viewer"})").status == 200);
    CHECK(post(flags, wide, R"({"key":"h","type":"boolean"})").status == 403);
    CHECK(get(flags, wide).status == 200);
    REQUIRE(del(acme + "/members/" + id, owner).status == 204);
    CHECK(get(flags, wide).status == 404);
}

TEST_CASE_METHOD(PersonalTokens, "protected environments need their own scope") {
    const auto flags = acme + "/projects/web/flags";
    REQUIRE(post(flags, owner, R"({"key":"f","type":"boolean"})").status == 201);
    const auto place = flags + "/f/environments/production";
    const auto tag = get(place, owner).etag();
    const auto editor = make(R"(["read","edit"])", owner).at("/token");
    CHECK(patch(place, editor, R"({"enabled":true})", tag).status == 403);
    const auto both = make(R"(["read","edit","edit_protected"])", owner).at("/token");
    CHECK(patch(place, both, R"({"enabled":true})", tag).status == 200);
}

TEST_CASE_METHOD(PersonalTokens, "a token gives nobody more than it has itself") {
    const auto admin = make(R"(["read","manage_members","manage_tokens"])", owner).at("/token");
    CHECK(post(acme + "/members", admin, R"({"email":"eve@example.com","role":"owner"})").status == 403);
    CHECK(post(acme + "/members", admin, R"({"email":"eve@example.com","role":"viewer"})").status == 201);
    CHECK(post(acme + "/tokens", admin, R"({"name":"n","role":"owner"})").status == 403);
    CHECK(post(acme + "/tokens", admin, R"({"name":"n","role":"viewer"})").status == 201);
    const auto orgs = org_count();
    CHECK(post("/api/v1/orgs", admin, R"({"key":"other"})").status == 403);
    CHECK(org_count() == orgs);
    const auto all = make(R"(["read","manage_organisation"])", owner).at("/token");
    CHECK(post("/api/v1/orgs", all, R"({"key":"other"})").status == 201);
}

TEST_CASE_METHOD(PersonalTokens, "tokens are made in a session, and a token ends or rotates itself only") {
    const auto first = make(R"(["read"])", owner);
    const auto second = make(R"(["read"])", owner);
    const auto secret = first.at("/token");
    const auto refused = make(R"(["read"])", secret);
    CHECK(refused.status == 403);
    CHECK(refused.errors() == std::vector<std::string>{" session_required"});
    CHECK(post("/api/v1/auth/logout", secret, "").status == 403);
    CHECK(del(mine + "/" + second.at("/id"), secret).status == 403);
    CHECK(post(mine + "/" + second.at("/id") + "/rotate", secret, "{}").status == 403);
    CHECK(post(mine + "/" + first.at("/id") + "/rotate", secret, R"({"expires_at":null})").errors() ==
          std::vector<std::string>{"/expires_at beyond_own"});
    const auto rotated = post(mine + "/" + first.at("/id") + "/rotate", secret, "{}");
    CHECK(rotated.status == 201);
    CHECK(del(mine + "/" + first.at("/id"), secret).status == 204);
    CHECK(get("/api/v1/auth/me", secret).status == 401);
    CHECK(get("/api/v1/auth/me", rotated.at("/token")).status == 200);
}

TEST_CASE_METHOD(PersonalTokens, "a revoked, expired, unknown or mistyped token is refused, each with its reason") {
    const auto made = make(R"(["read"])", owner);
    const auto secret = made.at("/token");
    auto mistyped = secret;
    mistyped.back() = mistyped.back() == 'a' ? 'b' : 'a';
    CHECK(get("/api/v1/auth/me", mistyped).at("/detail").find("mistyped") != std::string::npos);
    const auto unknown = get("/api/v1/auth/me", make_api_key("pat").text);
    CHECK(unknown.status == 401);
    CHECK(unknown.at("/detail") == "this token is not known here");
    CHECK(get("/api/v1/auth/me", make_api_key("svc").text).status == 401);
    clock.advance(cp::tokens::token_lifetime - 1);
    CHECK(get("/api/v1/auth/me", secret).status == 200);
    clock.advance(1);
    CHECK(get("/api/v1/auth/me", secret).at("/detail") == "the token has expired");
    sql("UPDATE fanion.personal_tokens SET expires_at = NULL, revoked_at = now()");
    CHECK(get("/api/v1/auth/me", secret).at("/detail") == "the token was revoked");
}

TEST_CASE_METHOD(PersonalTokens, "a revoked token stays in the list; If-Match protects its revocation") {
    const auto made = make(R"(["read"])", owner);
    const auto place = made.header("Location");
    CHECK(del(place, owner, "\"0\"").status == 412);
    CHECK(get(place, owner).at("/revoked_at") == "null");
    CHECK(del(place, owner, made.etag()).status == 204);
    CHECK(newest().at("/items/0/entry/action") == "token.revoked");
    CHECK(newest().at("/items/0/entry/before/revoked_at") == "null");
    CHECK(newest().at("/items/0/entry/after/revoked_at") != "null");
    const auto entries = sql("SELECT count(*) FROM fanion.audit");
    CHECK(del(place, owner).status == 204);  // the second time has no effect
    CHECK(sql("SELECT count(*) FROM fanion.audit") == entries);
    CHECK(get(mine, owner).at("/items/0/revoked_at") != "null");
    CHECK(del(mine + "/0123456789", owner).status == 404);
}

TEST_CASE_METHOD(PersonalTokens, "the last use has a resolution of a minute and changes no tag") {
    const auto made = make(R"(["read"])", owner);
    const auto place = made.header("Location");
    CHECK(get(place, owner).at("/last_used_at") == "null");
    REQUIRE(get("/api/v1/auth/me", made.at("/token")).status == 200);
    await_background();
    const auto used = get(place, owner);
    CHECK(used.at("/last_used_at").ends_with(":00.000Z"));
    CHECK(used.etag() == made.etag());
    clock.advance(60'000);
    REQUIRE(get("/api/v1/auth/me", made.at("/token")).status == 200);
    await_background();
    CHECK(get(place, owner).at("/last_used_at") > used.at("/last_used_at"));
}

TEST_CASE_METHOD(PersonalTokens, "rotation makes a new token, and both are valid during the overlap") {
    const auto first = make(R"(["read"])", owner);
    const auto rotated = post(first.header("Location") + "/rotate", owner, R"({"overlap_seconds":60})");
    INFO(rotated.body);
    REQUIRE(rotated.status == 201);
    CHECK(rotated.at("/replaces") == first.at("/id"));
    CHECK(rotated.at("/name") == "ci");
    CHECK(rotated.at("/scopes") == first.at("/scopes"));
    CHECK(newest().at("/items/0/entry/action") == "token.rotated");
    CHECK(newest().body.find(rotated.at("/token")) == std::string::npos);
    CHECK(get("/api/v1/auth/me", first.at("/token")).status == 200);
    CHECK(get("/api/v1/auth/me", rotated.at("/token")).status == 200);
    const auto again = post(first.header("Location") + "/rotate", owner, "{}");
    CHECK(again.status == 409);
    CHECK(again.errors() == std::vector<std::string>{" rotated_already"});
    // The third ends the first: two are valid at most.
    const auto third = post(rotated.header("Location") + "/rotate", owner, R"({"overlap_seconds":60})");
    REQUIRE(third.status == 201);
    CHECK(get("/api/v1/auth/me", first.at("/token")).status == 401);
    CHECK(get("/api/v1/auth/me", rotated.at("/token")).status == 200);
    clock.advance(60'000);
    CHECK(get("/api/v1/auth/me", rotated.at("/token")).status == 401);
    CHECK(get("/api/v1/auth/me", third.at("/token")).status == 200);
    const auto ended = post(first.header("Location") + "/rotate", owner, "{}");
    CHECK(ended.errors() == std::vector<std::string>{" not_live"});
}

TEST_CASE_METHOD(PersonalTokens, "nobody sees or ends the tokens of another person") {
    const auto made = make(R"(["read"])", owner);
    const auto ada = add_member(owner, "acme", "ada@example.com", "owner");
    CHECK(get(mine, ada).at("/items/0").empty());
    CHECK(get(made.header("Location"), ada).status == 404);
    CHECK(del(made.header("Location"), ada).status == 404);
    CHECK(post(made.header("Location") + "/rotate", ada, "{}").status == 404);
    CHECK(get("/api/v1/auth/me", made.at("/token")).status == 200);
}

TEST_CASE_METHOD(PersonalTokens, "a reset of the password ends the tokens of the person") {
    const auto secret = make(R"(["read"])", owner).at("/token");
    const auto token = run(cp::app::make_password_reset(pool, "owner@example.com", clock.now()));
    REQUIRE(token);
    const auto body = R"({"token":")" + *token + R"(","password":"another password of some length"})";
    REQUIRE(post("/api/v1/auth/reset", "", body).status == 200);
    CHECK(get("/api/v1/auth/me", secret).at("/detail") == "the token was revoked");
}

TEST_CASE_METHOD(PersonalTokens, "a person has a bounded number of tokens, listed page by page") {
    const auto id = get("/api/v1/auth/me", owner).at("/user/id");
    sql("INSERT INTO fanion.personal_tokens (token_id, user_id, name, sha256, scopes, created_at) "
        "SELECT lpad(i::text, 10, '0'), '" +
        id +
        "', 'n', sha256(i::text::bytea), '{read}', now() - i * interval '1 s' "
        "FROM generate_series(1, 99) i");
    REQUIRE(make(R"(["read"])", owner).status == 201);
    const auto refused = make(R"(["read"])", owner);
    CHECK(refused.status == 409);
    CHECK(refused.errors() == std::vector<std::string>{" too_many"});
    std::size_t seen = 0;
    std::string cursor;
    for (int pages = 0; pages < 5 && cursor != "null"; ++pages) {
        const auto page = get(mine + "?limit=30" + (cursor.empty() ? "" : "&cursor=" + cursor), owner);
        REQUIRE(page.status == 200);
        seen += page.document->root().find("items").size();
        cursor = page.at("/next");
    }
    CHECK(seen == 100);
}

TEST_CASE_METHOD(PersonalTokens, "what is wrong with a request for a token is told by its place, and nothing is made") {
    CHECK(post(mine, owner, R"({"name":"n","scopes":["fly"]})").errors() ==
          std::vector<std::string>{"/scopes unknown_scope"});
    CHECK(post(mine, owner, R"({"name":"a\u0000b","scopes":["read"]})").status == 400);
    CHECK(post(mine, owner, "{\"name\":\"\xff\",\"scopes\":[\"read\"]}").status == 400);
    CHECK(post(mine, owner, R"({"name":"n","scopes":["read"],"owner":true})").errors() ==
          std::vector<std::string>{"/owner unknown_field"});
    CHECK(get(mine + "?q=x", owner).status == 400);
    CHECK(sql("SELECT count(*) FROM fanion.personal_tokens") == "0");
}
