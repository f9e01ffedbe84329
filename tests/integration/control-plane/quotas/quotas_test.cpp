// What an organisation may have: every way of adding something asks, also at the same time.

#include <catch2/catch.hpp>

#include "control-plane/app/set_quota.hpp"
#include "control-plane/quotas/quota_store.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::ApiRequest;
using test::Reply;
using test::web;
namespace quotas = cp::quotas;

namespace {

using Errors = std::vector<std::string>;
const Errors exceeded{" quota_exceeded"};

class QuotaTest : public ApiFixture {
public:
    QuotaTest() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }
    void set(std::vector<std::string> texts) {
        auto changes = quotas::parse_quota_changes(texts).value();
        REQUIRE(run(cp::app::set_own_quotas(pool, "acme", std::move(changes), clock.now())));
    }
    std::string flag(const std::string& key) { return R"({"type":"boolean","key":")" + key + "\"}"; }
    std::string sign_in(const std::string& email) {
        const auto body = R"({"email":")" + email + R"(","password":")" + default_password + "\"}";
        return post("/api/v1/auth/login", "", body).at("/access_token");
    }
    // "used/limit"
    std::string usage(const std::string& name) {
        const auto reply = get(acme + "/usage", owner);
        REQUIRE(reply.status == 200);
        for (int i = 0; i < 7; ++i) {
            const auto at = "/quotas/" + std::to_string(i);
            if (reply.at(at + "/name") == name) return reply.at(at + "/used") + '/' + reply.at(at + "/limit");
        }
        return "";
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(QuotaTest, "what is there counts, and what would be one too many is refused with both numbers") {
    CHECK(usage("flags") == "0/10000");
    CHECK(usage("environments") == "3/1000");
    CHECK(usage("members") == "1/5000");
    CHECK(usage("events_per_day") == "0/null");
    set({"flags=2"});
    const auto first = post(web + "/flags", owner, flag("a"));
    REQUIRE(first.status == 201);
    REQUIRE(post(web + "/flags/a/clone", owner, R"({"key":"b"})").status == 201);
    CHECK(usage("flags") == "2/2");
    const auto refused = post(web + "/flags", owner, flag("c"));
    CHECK(refused.status == 409);
    CHECK(refused.errors() == exceeded);
    CHECK(refused.at("/errors/0/detail").find("at most 2 flags, and would have 3") != std::string::npos);
    CHECK(post(web + "/flags/a/clone", owner, R"({"key":"c"})").errors() == exceeded);
    CHECK(post(web + "/flags?dry_run=true", owner, flag("c")).errors() == exceeded);
    CHECK(get(web + "/flags/c", owner).status == 404);
    // An archived flag is there; one that is deleted is not.
    REQUIRE(patch(web + "/flags/a", owner, R"({"archived":true})", "*").status == 200);
    CHECK(post(web + "/flags", owner, flag("c")).errors() == exceeded);
    REQUIRE(del(web + "/flags/a", owner, "*").status == 204);
    CHECK(post(web + "/flags", owner, flag("c")).status == 201);
    // What there is stays, and can be changed, when the limit is lowered.
    set({"flags=1"});
    CHECK(usage("flags") == "2/1");
    CHECK(patch(web + "/flags/b", owner, R"({"name":"B"})").status == 200);
    set({"flags=unlimited"});
    CHECK(usage("flags") == "2/null");
    CHECK(post(web + "/flags", owner, flag("d")).status == 201);
    set({"flags=default"});
    CHECK(usage("flags") == "3/10000");
}

TEST_CASE_METHOD(QuotaTest, "segments, environments, members and keys have quotas too") {
    set({"segments=1", "environments=5", "members=2", "keys=2"});
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    CHECK(post(web + "/segments", owner, R"({"key":"t"})").errors() == exceeded);
    CHECK(post(acme + "/projects", owner, R"({"key":"shop"})").errors() == exceeded);  // it has three environments
    CHECK(get(acme + "/projects/shop", owner).status == 404);
    REQUIRE(post(web + "/environments", owner, R"({"key":"qa"})").status == 201);
    REQUIRE(post(web + "/environments", owner, R"({"key":"demo"})").status == 201);
    CHECK(post(web + "/environments", owner, R"({"key":"more"})").errors() == exceeded);

    const auto invite = [&](const std::string& email) {
        return post(acme + "/members", owner, R"({"role":"viewer","email":")" + email + "\"}");
    };
    const auto ada = invite("ada@example.com");
    REQUIRE(ada.status == 201);
    CHECK(usage("members") == "2/2");
    CHECK(invite("bob@example.com").errors() == exceeded);
    CHECK(invite("ada@example.com").status == 201);  // in the place of the one before
    clock.advance(25LL * 60 * 60 * 1000);            // an invitation that has expired takes no place
    owner = sign_in("owner@example.com");
    CHECK(usage("members") == "1/2");
    const auto bob = invite("bob@example.com");
    REQUIRE(bob.status == 201);
    CHECK_FALSE(setup(bob.at("/setup_token")).empty());  // who was invited may come
    CHECK(usage("members") == "2/2");

    const auto keys = web + "/environments/staging/keys";
    const auto key = post(keys, owner, R"({"kind":"server"})");
    REQUIRE(key.status == 201);
    const auto rotated = post(keys + "/" + key.at("/id") + "/rotate", owner, "{}");
    REQUIRE(rotated.status == 201);
    CHECK(post(keys, owner, R"({"kind":"server"})").errors() == exceeded);
    CHECK(post(acme + "/keys", owner, R"({"kind":"relay"})").errors() == exceeded);
    CHECK(post(acme + "/tokens", owner, R"({"name":"ci","role":"viewer"})").errors() == exceeded);
    // The predecessor of the one that is rotated ends, and makes room.
    CHECK(post(keys + "/" + rotated.at("/id") + "/rotate", owner, "{}").status == 201);
    REQUIRE(del(keys + "/" + rotated.at("/id"), owner).status == 204);
    const auto account = post(acme + "/tokens", owner, R"({"name":"ci","role":"viewer"})");
    REQUIRE(account.status == 201);
    CHECK(post(acme + "/tokens/" + account.at("/id") + "/rotate", owner, "{}").errors() == exceeded);
}

TEST_CASE_METHOD(QuotaTest, "additions at the same time cannot both take the last place") {
    REQUIRE(post(acme + "/projects", owner, R"({"key":"app"})").status == 201);
    set({"flags=5", "keys=4"});
    std::vector<ApiRequest> requests;
    for (int i = 0; i < 8; ++i)
        for (const auto* project : {"web", "app"})
            requests.push_back(
                {net::Method::post, acme + "/projects/" + project + "/flags", owner, flag("f" + std::to_string(i))});
    for (int i = 0; i < 8; ++i)
        requests.push_back(
            {net::Method::post, acme + (i % 2 > 0 ? "/keys" : "/projects/web/keys"), owner, R"({"kind":"relay"})"});
    int made = 0;
    int refused = 0;
    for (const auto& reply : send_at_once(std::move(requests))) {
        made += reply.status == 201;
        refused += reply.errors() == exceeded;
    }
    CHECK(made == 9);
    CHECK(refused == 15);
    CHECK(usage("flags") == "5/5");
    CHECK(usage("keys") == "4/4");
}

TEST_CASE_METHOD(QuotaTest, "quotas are the operator's to set, and their change is in the audit log") {
    set({"flags=2", "keys=unlimited"});
    const auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/action") == "org.updated");
    CHECK(entry.at("/items/0/entry/actor_kind") == "operator");
    CHECK(entry.at("/items/0/entry/comment") == "set-quota");
    CHECK(entry.at("/items/0/entry/before/quotas") == "{}");
    CHECK(entry.at("/items/0/entry/after/quotas") == R"({"flags":2,"keys":null})");
    set({"flags=2"});  // nothing changes
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/seq") == entry.at("/items/0/seq"));
    const auto reverted =
        send({net::Method::post, acme + "/audit/" + entry.at("/items/0/entry/id") + "/revert", owner});
    CHECK(reverted.status == 409);
    CHECK(send({net::Method::put, acme + "/usage", owner, R"({"quotas":[]})"}).status == 405);
    CHECK(run(cp::app::set_own_quotas(pool, "none", {}, clock.now())).error().code == Errc::not_found);
}

TEST_CASE_METHOD(QuotaTest, "usage is for members who may read the organisation, and another one's is its own") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    REQUIRE(post(web + "/flags", owner, flag("a")).status == 201);
    set({"flags=1"});
    const auto other = get("/api/v1/orgs/other/usage", owner);
    CHECK(other.at("/quotas/0/used") == "0");
    CHECK(other.at("/quotas/0/limit") == "10000");
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(get(acme + "/usage", viewer).status == 200);
    CHECK(get("/api/v1/orgs/other/usage", viewer).status == 404);
    CHECK(get(acme + "/usage", "").status == 401);
    CHECK(get(acme + "/usage?x=1", owner).status == 400);
}
