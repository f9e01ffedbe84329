// Sessions of browsers: the cookie, from where it is taken, and when it is over.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using net::Method;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string session = "/api/v1/auth/session";
const std::string me = "/api/v1/auth/me";
constexpr UnixMillis hour = 60LL * 60 * 1000;

using Codes = std::vector<std::string>;
using Headers = std::vector<std::pair<std::string, std::string>>;

class Browsing : public ApiFixture {
public:
    Browsing() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    static std::string credentials(const std::string& email = "owner@example.com") {
        return R"({"email":")" + email + R"(","password":")" + default_password + "\"}";
    }
    // As the browser of this machine does it.
    Reply sign_in(const std::string& email = "owner@example.com") {
        return send({Method::post, session, "", credentials(email), {{"Origin", origin()}}});
    }
    static std::string cookie_of(const Reply& reply) {
        const auto text = reply.header("Set-Cookie");
        return text.substr(0, text.find(';'));
    }
    Reply with(const std::string& cookie, Method method, const std::string& path, const std::string& body = "",
               Headers more = {}) {
        more.emplace_back("Cookie", cookie);
        return send({method, path, "", body, std::move(more)});
    }
    Reply read(const std::string& cookie, const std::string& path = me) { return with(cookie, Method::get, path); }
    std::string newest(const std::string& member) {
        return get(acme + "/audit?limit=1", owner).at("/items/0/entry/" + member);
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Browsing, "a sign-in sets a cookie that pages cannot read, of which only the hash is stored") {
    const auto reply = sign_in();
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.body.find("token") == std::string::npos);
    const auto text = reply.header("Set-Cookie");
    CHECK(text.starts_with("__Host-fanion="));
    CHECK(text.ends_with("; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax"));
    const auto value = cookie_of(reply).substr(14);
    CHECK(value.size() == 43);
    CHECK(sql("SELECT count(*) FROM fanion.sessions WHERE cookie_sha256 = sha256('" + value + "')") == "1");
    CHECK(newest("action") == "session.started");
    CHECK(newest("credential_id") == reply.at("/session_id"));
    CHECK(read(cookie_of(reply)).at("/credential/id") == reply.at("/session_id"));
    CHECK(read(cookie_of(reply), acme + "/members").status == 200);
    CHECK(cookie_of(sign_in()) != cookie_of(reply));
    CHECK(read("__Host-fanion=" + std::string(43, 'A')).status == 401);
    CHECK(read("__Secure-fanion=" + value).status == 401);
}

TEST_CASE_METHOD(Browsing, "a change with a cookie comes from the own pages, and a refusal is in the log") {
    const auto cookie = cookie_of(sign_in());
    const auto projects = acme + "/projects";
    const auto body = R"({"key":"web"})";
    const Headers refused[] = {
        {},
        {{"Origin", "https://evil.example"}},
        {{"Origin", "null"}},
        {{"Origin", origin()}, {"Sec-Fetch-Site", "cross-site"}},
        {{"Origin", origin()}, {"Sec-Fetch-Site", "same-site"}},
    };
    for (const auto& headers : refused) {
        const auto reply = with(cookie, Method::post, projects, body, headers);
        CHECK(reply.status == 403);
        CHECK(reply.errors() == Codes{" bad_origin"});
    }
    CHECK(newest("action") == "request.refused");
    CHECK(newest("actor_id") == get(me, owner).at("/user/id"));
    CHECK(with(cookie, Method::post, projects, body, {{"Origin", origin()}, {"Content-Type", "text/plain"}}).status ==
          415);
    CHECK(
        with(cookie, Method::post, projects, body, {{"Origin", origin()}, {"Sec-Fetch-Site", "same-origin"}}).status ==
        201);
}

TEST_CASE_METHOD(Browsing, "foreign pages do not read with a cookie either") {
    const auto cookie = cookie_of(sign_in());
    CHECK(with(cookie, Method::get, me, "", {{"Origin", "https://evil.example"}}).status == 403);
    CHECK(with(cookie, Method::get, acme + "/events", "", {{"Origin", "https://evil.example"}}).status == 403);
    CHECK(with(cookie, Method::get, me, "", {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
    CHECK(with(cookie, Method::get, me, "", {{"Sec-Fetch-Site", "none"}}).status == 200);
}

TEST_CASE_METHOD(Browsing, "foreign pages do not sign in") {
    CHECK(post(session, "", credentials()).errors() == Codes{" bad_origin"});
    const auto reply = send({Method::post, session, "", credentials(), {{"Origin", "https://evil.example"}}});
    CHECK(reply.errors() == Codes{" bad_origin"});
    CHECK(reply.header("Set-Cookie").empty());
    await_background();
    CHECK(newest("action") == "session.denied");
    CHECK(newest("actor_kind") == "anonymous");
    CHECK(newest("comment") == "by a page of another origin");
    const auto nobody = send({Method::post, session, "", credentials("nobody@example.com"), {}});
    CHECK(nobody.body.substr(0, nobody.body.find("request_id")) == reply.body.substr(0, reply.body.find("request_id")));
}

TEST_CASE_METHOD(Browsing, "forms of other pages do not sign in, whatever they claim to come from") {
    for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
        CAPTURE(type);
        const auto reply =
            send({Method::post, session, "", credentials(), {{"Origin", origin()}, {"Content-Type", type}}});
        CHECK(reply.status == 415);
        CHECK(reply.header("Set-Cookie").empty());
    }
}

TEST_CASE_METHOD(Browsing,
                 "a cookie and a key in X-API-Key are two credentials, and a name of another form is no cookie") {
    const auto cookie = cookie_of(sign_in());
    CHECK(with(cookie, Method::get, me, "", {{"X-API-Key", owner}}).errors() == Codes{" two_credentials"});
    CHECK(read("__Secure-fanion=" + cookie.substr(cookie.find('=') + 1)).status == 401);
}

TEST_CASE_METHOD(Browsing, "the cookie of one organisation's person does not exist in another") {
    const auto cookie = cookie_of(sign_in());
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    add_member(owner, "acme", "ada@example.com", "owner");
    const auto hers = cookie_of(sign_in("ada@example.com"));
    CHECK(read(cookie, "/api/v1/orgs/other/members").status == 200);
    CHECK(read(hers, "/api/v1/orgs/other/members").status == 404);
    const Headers own{{"Origin", origin()}};
    CHECK(with(hers, Method::post, "/api/v1/orgs/other/projects", R"({"key":"web"})", own).status == 404);
}

TEST_CASE_METHOD(Browsing, "without TLS a browser of another machine is told why it cannot sign in") {
    public_url = *cp::identity::PublicUrl::parse("http://flags.example.com");
    const auto reply = send({Method::post, session, "", credentials(), {{"Origin", "http://flags.example.com"}}});
    CHECK(reply.status == 403);
    CHECK(reply.errors() == Codes{" tls_required"});
    CHECK(reply.at("/detail").find("--public-url") != std::string::npos);
}

TEST_CASE_METHOD(Browsing, "below a path prefix the cookie belongs to the prefix, and the origin is the public one") {
    public_url = *cp::identity::PublicUrl::parse("https://tools.example.com/fanion");
    CHECK(sign_in().errors() == Codes{" bad_origin"});
    const Headers own{{"Origin", "https://tools.example.com"}};
    const auto reply = send({Method::post, session, "", credentials(), own});
    REQUIRE(reply.status == 200);
    CHECK(reply.header("Set-Cookie").starts_with("__Secure-fanion="));
    CHECK(reply.header("Set-Cookie").find("; Path=/fanion/;") != std::string::npos);
    CHECK(read(cookie_of(reply)).status == 200);
    CHECK(with(cookie_of(reply), Method::del, session, "", own).status == 204);
}

TEST_CASE_METHOD(Browsing, "a request has one credential") {
    const auto cookie = cookie_of(sign_in());
    CHECK(send({Method::get, me, owner, "", {{"Cookie", cookie}}}).errors() == Codes{" two_credentials"});
    CHECK(with(cookie, Method::get, me, "", {{"Authorization", "Basic dTpw"}}).status == 200);  // a proxy's
    CHECK(send({Method::get, me, owner, "", {{"Cookie", "other=1"}}}).status == 200);
}

TEST_CASE_METHOD(Browsing, "signing out ends the session and deletes the cookie") {
    const auto cookie = cookie_of(sign_in());
    CHECK(with(cookie, Method::del, session).status == 403);
    const auto out = with(cookie, Method::del, session, "", {{"Origin", origin()}});
    CHECK(out.status == 204);
    CHECK(out.header("Set-Cookie").starts_with("__Host-fanion=; "));
    CHECK(out.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
    CHECK(newest("action") == "session.ended");
    CHECK(read(cookie).status == 401);
}

TEST_CASE_METHOD(Browsing, "sessions of browsers are listed and ended with all others") {
    const auto first = sign_in();
    const auto second = sign_in();
    const auto list = read(cookie_of(first), "/api/v1/auth/sessions");
    CHECK(list.document->root().find("items").size() == 3);
    CHECK(list.body.find(first.at("/session_id")) != std::string::npos);
    const auto one = "/api/v1/auth/sessions/" + second.at("/session_id");
    CHECK(with(cookie_of(first), Method::del, one, "", {{"Origin", origin()}}).status == 204);
    CHECK(read(cookie_of(second)).status == 401);
    CHECK(del("/api/v1/auth/sessions", owner).status == 204);
    CHECK(read(cookie_of(first)).status == 401);
}

TEST_CASE_METHOD(Browsing, "a session of a browser is over after twelve hours without use, and after seven days") {
    const auto idle = cookie_of(sign_in());
    clock.advance(11 * hour);
    CHECK(read(idle).status == 200);
    await_background();
    clock.advance(11 * hour);
    CHECK(read(idle).status == 200);
    await_background();
    clock.advance(12 * hour);
    CHECK(read(idle).status == 401);
    const auto busy = cookie_of(sign_in());
    for (int i = 0; i < 16; ++i) {
        clock.advance(10 * hour);
        REQUIRE(read(busy).status == 200);
        await_background();
    }
    clock.advance(8 * hour);
    CHECK(read(busy).status == 401);
}

TEST_CASE_METHOD(Browsing, "the cookie is replaced at a change of rights, and the old one is taken for a minute") {
    add_member(owner, "acme", "ada@example.com", "viewer");
    const auto first = cookie_of(sign_in("ada@example.com"));
    CHECK(read(first).header("Set-Cookie").empty());
    CHECK(read(first).header("Set-Cookie").empty());
    const auto member = acme + "/members/" + read(first).at("/user/id");
    REQUIRE(patch(member, owner, R"({"role":"admin"})").status == 200);
    const auto changed = read(first);
    const auto second = cookie_of(changed);
    REQUIRE(second.starts_with("__Host-fanion="));
    CHECK(second != first);
    CHECK(read(second).at("/credential/id") == changed.at("/credential/id"));
    CHECK(read(first).header("Set-Cookie").empty());
    CHECK(read(first).status == 200);
    clock.advance(60'000);
    CHECK(read(first).status == 401);
    CHECK(read(second).status == 200);
}

TEST_CASE_METHOD(Browsing, "an invitation and a reset are accepted with a cookie where the browser wants one") {
    const auto invited = post(acme + "/members", owner, R"({"email":"ada@example.com","role":"viewer"})");
    const auto body =
        R"({"token":")" + invited.at("/setup_token") + R"(","password":")" + default_password + R"(","session":true})";
    CHECK(post("/api/v1/auth/setup", "", body).errors() == Codes{" bad_origin"});
    const auto joined = send({Method::post, "/api/v1/auth/setup", "", body, {{"Origin", origin()}}});
    REQUIRE(joined.status == 200);
    CHECK(joined.at("/access_token").empty());
    CHECK(read(cookie_of(joined)).at("/user/email") == "ada@example.com");
}

TEST_CASE_METHOD(Browsing, "preferences are a bounded object that comes back as it was") {
    CHECK(get(me, owner).at("/preferences") == "{}");
    const auto place = me + "/preferences";
    const auto body = R"({"theme":"dark","columns":["key",1.0],"nested":{"a":null}})";
    const auto reply = put(place, owner, body);
    CHECK(reply.status == 200);
    CHECK(reply.body == body);
    CHECK(get(me, owner).at("/preferences") == body);
    CHECK(put(place, owner, "[]").status == 400);
    const auto large = put(place, owner, R"({"a":")" + std::string(16 * 1024, 'x') + "\"}");
    CHECK(large.errors() == Codes{" too_long"});
    CHECK(get(me, owner).at("/preferences") == body);
    const auto ada = add_member(owner, "acme", "ada@example.com", "viewer");
    CHECK(get(me, ada).at("/preferences") == "{}");
}
