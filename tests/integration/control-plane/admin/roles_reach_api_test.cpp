// Requests that read or write several environments, by people whose role is another one in some of
// them: what each may do is decided at each place.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::development;
using test::flag_f;
using test::production;
using test::Reply;
using test::shop;
using test::staging;
using test::web;

namespace {

using Codes = std::vector<std::string>;

// Ada is admin of the organisation, viewer in staging; production is closed to her; she has no role in the shop.
class Reaching : public ApiFixture {
public:
    Reaching() : owner(bootstrap_owner("acme", "owner@example.com")) {
        for (const auto* key : {"web", "shop"})
            REQUIRE(post(acme + "/projects", owner, R"({"key":")" + std::string(key) + "\"}").status == 201);
        for (const auto& place : {web, shop})
            REQUIRE(post(place + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(acme + "/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
        ada = add_member(owner, "acme", "ada@example.com", "admin");
        assign(staging, "viewer");
        assign(production, "none");
        assign(shop, "none");
    }
    void assign(const std::string& place, const std::string& role) {
        const auto id = get("/api/v1/auth/me", ada).at("/user/id");
        const auto reply = put(place + "/assignments/" + id, owner, R"({"role":")" + role + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status < 300);
    }
    Reply put_definition(const std::string& query, const std::string& body) {
        return patch(flag_f + query, ada, body, "*");
    }
    void switch_on(const std::string& env, const std::string& token) {
        const auto reply = patch(flag_f + "/environments/" + env, token, R"({"enabled":true})", "*");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    std::string newest(const std::string& resource) {
        return get(acme + "/audit?limit=1&resource=" + resource, owner).at("/items/0/entry/id");
    }
    // What no request of a test may change: all but the entries of refusals.
    std::string state() {
        return sql("SELECT string_agg(key || version, ' ' ORDER BY env_id) FROM fanion.environments") +
               sql("SELECT count(*) FROM fanion.audit WHERE action <> 'request.refused'");
    }
    // The status of a request of Ada that changes nothing.
    unsigned refused(net::Method method, const std::string& path, const std::string& body = "") {
        const auto before = state();
        test::ApiRequest request{method, path, ada, body, {}};
        request.headers.push_back({"If-Match", "*"});
        const auto reply = send(std::move(request));
        INFO(path << ' ' << body << ' ' << reply.body);
        CHECK(state() == before);
        return reply.status;
    }
    std::string owner;
    std::string ada;
};

std::string bulk_in(const std::string& env, const std::string& kind) {
    const auto place = env.empty() ? std::string() : R"("environment":")" + env + "\",";
    return R"({"changes":[{"flags":["f"],)" + place + R"("instructions":[{"kind":")" + kind + "\"}]}]}";
}

}  // namespace

TEST_CASE_METHOD(Reaching, "bulk changes only environments in which the caller may change them") {
    CHECK(refused(net::Method::post, web + "/bulk", bulk_in("staging", "turn_on")) == 403);
    CHECK(refused(net::Method::post, web + "/bulk?dry_run=true", bulk_in("staging", "turn_on")) == 403);
    CHECK(refused(net::Method::post, web + "/bulk", bulk_in("production", "turn_on")) == 422);
    CHECK(refused(net::Method::post, web + "/bulk", bulk_in("nowhere", "turn_on")) == 422);
    CHECK(refused(net::Method::post, web + "/bulk", bulk_in("", "archive")) == 403);
    const auto mixed = R"({"changes":[{"flags":["f"],"environment":"development","instructions":[{"kind":"turn_on"}]},)"
                       R"({"flags":["f"],"environment":"staging","instructions":[{"kind":"turn_on"}]}]})";
    CHECK(refused(net::Method::post, web + "/bulk", mixed) == 403);
    const auto done = post(web + "/bulk", ada, bulk_in("development", "turn_on"));
    CHECK(done.status == 200);
    CHECK(done.body.find("staging") != std::string::npos);
    CHECK(done.body.find("production") == std::string::npos);
}

TEST_CASE_METHOD(Reaching, "a definition that reaches all environments takes the permission in each") {
    CHECK(refused(net::Method::patch, flag_f, R"({"archived":true})") == 403);
    CHECK(refused(net::Method::patch, flag_f + "?dry_run=true", R"({"archived":true})") == 403);
    CHECK(refused(net::Method::del, flag_f) == 403);
    CHECK(patch(flag_f, ada, R"({"name":"F"})").status == 200);  // evaluators do not see it
    assign(production, "maintainer");
    CHECK(refused(net::Method::patch, flag_f, R"({"archived":true})") == 403);
    assign(staging, "maintainer");
    CHECK(patch(flag_f, ada, R"({"archived":true})", "*").status == 200);
}

TEST_CASE_METHOD(Reaching, "a refusal does not tell what an unreadable environment serves") {
    const auto removal = R"({"instructions":[{"kind":"remove_variation","variation":"on"}]})";
    const auto bulk = R"({"changes":[{"flags":["f"],"instructions":[{"kind":"remove_variation","variation":"on"}]}]})";
    test::ApiRequest request{net::Method::patch, flag_f, ada, removal, {}};
    request.headers = {{"Content-Type", "application/vnd.fanion.instructions+json"}, {"If-Match", "*"}};
    const auto one = send(std::move(request));
    const auto many = post(web + "/bulk", ada, bulk);
    for (const auto& reply : {one, many}) {
        INFO(reply.body);
        CHECK(reply.status == 422);
        CHECK(reply.body.find("an environment still serves this variation") != std::string::npos);
        CHECK(reply.body.find("production") == std::string::npos);
        CHECK(reply.body.find("fallthrough") == std::string::npos);
        CHECK(reply.at("/errors/1").empty());
    }
}

TEST_CASE_METHOD(Reaching, "who may edit an environment may read it, as the answer to a change shows it") {
    const auto blind = post(acme + "/roles", owner, R"({"key":"blind","permissions":["edit","edit_protected"]})");
    CHECK(blind.status == 400);
    CHECK(blind.errors() == std::vector<std::string>{"/permissions read_missing"});
    REQUIRE(post(acme + "/roles", owner, R"({"key":"blind","permissions":["read","edit"]})").status == 201);
    sql("UPDATE fanion.roles SET permissions = '{edit,edit_protected}' WHERE key = 'blind'");  // of an earlier version
    CHECK(get(acme + "/roles/blind", owner).at("/permissions") == R"(["read","edit","edit_protected"])");
    assign(production, "blind");
    const auto place = flag_f + "/environments/production";
    CHECK(get(place, ada).status == 200);
    CHECK(patch(place, ada, R"({"enabled":true})", get(place, ada).etag()).status == 200);
}

TEST_CASE_METHOD(Reaching, "audit entries that name an environment are for those who may read it") {
    REQUIRE(
        post(acme + "/webhooks", owner, R"({"url":"https://hooks.example/in","environments":["production"]})").status ==
        201);
    REQUIRE(patch(web, owner, R"({"description":"d"})", "*").status == 200);
    REQUIRE(patch(flag_f, owner, R"({"description":"words only"})", "*").status == 200);
    const auto shown = get(acme + "/audit?limit=200", ada).body;
    CHECK(shown.find("production") == std::string::npos);
    CHECK(shown.find("webhook.created") == std::string::npos);
    CHECK(shown.find("project.created") == std::string::npos);  // it published the first environments
    CHECK(shown.find("project.updated") != std::string::npos);
    CHECK(shown.find("words only") != std::string::npos);
    const auto all = get(acme + "/audit?limit=200", owner).body;
    CHECK(all.find("webhook.created") != std::string::npos);
    CHECK(all.find("project.created") != std::string::npos);
    const auto hidden = newest("projects/web&action=project.created");
    REQUIRE_FALSE(hidden.empty());
    CHECK(get(acme + "/audit/" + hidden, ada).status == 404);
    CHECK(get(acme + "/audit/" + hidden, owner).status == 200);
}

TEST_CASE_METHOD(Reaching, "a clone has configurations only where the caller may make them") {
    CHECK(post(flag_f + "/clone", ada, R"({"key":"plain"})").status == 201);
    switch_on("staging", owner);
    CHECK(refused(net::Method::post, flag_f + "/clone", R"({"key":"g"})") == 403);
    CHECK(refused(net::Method::post, flag_f + "/clone?dry_run=true", R"({"key":"g"})") == 403);
    switch_on("production", owner);
    const auto unreadable = post(flag_f + "/clone", ada, R"({"key":"g"})");
    CHECK(unreadable.status == 403);
    CHECK(unreadable.body.find("production") == std::string::npos);
}

TEST_CASE_METHOD(Reaching,
                 "promote and compare read where the caller may read, and promote writes where they may write") {
    switch_on("production", owner);
    switch_on("development", owner);
    CHECK(refused(net::Method::post, staging + "/promote", R"({"from":"development","all":true})") == 403);
    CHECK(refused(net::Method::post, production + "/promote", R"({"from":"development","all":true})") == 404);
    CHECK(refused(net::Method::post, development + "/promote", R"({"from":"production","all":true})") == 422);
    CHECK(refused(net::Method::post, development + "/promote?dry_run=true", R"({"from":"production","all":true})") ==
          422);
    CHECK(post(development + "/promote", ada, R"({"from":"staging","all":true})").status == 200);
    CHECK(get(development + "/compare?with=staging", ada).status == 200);
    CHECK(get(development + "/compare?with=production", ada).status == 404);
    CHECK(get(production + "/compare?with=development", ada).status == 404);
}

TEST_CASE_METHOD(Reaching, "past rulesets are read and put back where the caller may") {
    CHECK(refused(net::Method::post, staging + "/rollback", R"({"version":"1"})") == 403);
    CHECK(refused(net::Method::post, production + "/rollback", R"({"version":"1"})") == 404);
    CHECK(get(staging + "/versions", ada).status == 200);
    CHECK(get(production + "/versions", ada).status == 404);
    CHECK(get(production + "/ruleset?version=1", ada).status == 404);
}

TEST_CASE_METHOD(Reaching, "uses are shown where the caller may read") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"child","type":"boolean"})").status == 201);
    for (const auto* env : {"staging", "production"}) {
        const auto reply = patch(web + "/flags/child/environments/" + env, owner,
                                 R"({"prerequisites":[{"flag":"f","variations":["on"]}]})", "*");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    CHECK(get(flag_f + "/uses", owner).body.find("production") != std::string::npos);
    const auto seen = get(flag_f + "/uses", ada);
    CHECK(seen.at("/items/0/environment") == "staging");
    CHECK(seen.body.find("production") == std::string::npos);
    CHECK(get(flag_f + "/uses?variation=on", ada).body.find("production") == std::string::npos);
    CHECK(get(flag_f + "/uses?environment=production", ada).status == 404);
}

TEST_CASE_METHOD(Reaching, "the audit log has for everybody what they may read") {
    switch_on("production", owner);
    switch_on("staging", owner);
    const auto entries = get(acme + "/audit?limit=200", ada);
    CHECK(entries.body.find("flags/f/environments/staging") != std::string::npos);
    CHECK(entries.body.find("flags/f/environments/production") == std::string::npos);
    CHECK(entries.body.find("projects/shop/flags") == std::string::npos);
    const auto hidden = newest("projects/web/flags/f/environments/production");
    CHECK(get(acme + "/audit/" + hidden, owner).status == 200);
    CHECK(get(acme + "/audit/" + hidden, ada).status == 404);
    REQUIRE(del(flag_f, owner, "*").status == 204);  // the entry has the configuration of production
    const auto whole = newest("projects/web/flags/f");
    CHECK(get(acme + "/audit/" + whole, owner).at("/entry/action") == "flag.deleted");
    CHECK(get(acme + "/audit/" + whole, ada).status == 404);
    CHECK(get(acme + "/audit?resource=projects/web/flags/f/environments/production", ada).status == 400);
    CHECK(get(acme + "/audit/verification", ada).status == 403);
    CHECK(get(acme + "/audit/export", ada).errors() == Codes{" not_all_readable"});
    CHECK(get(acme + "/audit/export?project=web", ada).status == 403);
    CHECK(get(acme + "/audit/export?env=staging", ada).status == 403);
    CHECK(get(acme + "/audit/export?project=web&env=production", ada).status == 403);
    CHECK(get(acme + "/audit/export?project=web&env=staging", ada).status == 200);
    CHECK(get(acme + "/audit/export", owner).status == 200);
}

TEST_CASE_METHOD(Reaching, "a change is undone only by who could make it, and not told to who may not see it") {
    switch_on("staging", owner);
    const auto seen = newest("projects/web/flags/f/environments/staging");
    CHECK(refused(net::Method::post, acme + "/audit/" + seen + "/revert") == 403);
    CHECK(refused(net::Method::post, acme + "/audit/" + seen + "/revert?dry_run=true") == 403);
    switch_on("production", owner);
    const auto hidden = newest("projects/web/flags/f/environments/production");
    CHECK(refused(net::Method::post, acme + "/audit/" + hidden + "/revert") == 404);
    assign(staging, "developer");
    CHECK(post(acme + "/audit/" + seen + "/revert", ada, "").status == 200);
}

TEST_CASE_METHOD(Reaching, "what reaches all of an organisation takes the permission everywhere in it") {
    CHECK(refused(net::Method::post, web + "/keys", R"({"kind":"relay"})") == 403);
    const auto made = post(web + "/keys", owner, R"({"kind":"relay"})");
    REQUIRE(made.status == 201);
    CHECK(refused(net::Method::post, web + "/keys/" + made.at("/id") + "/rotate", "{}") == 403);
    CHECK(refused(net::Method::del, web + "/keys/" + made.at("/id")) == 403);
    CHECK(refused(net::Method::post, acme + "/webhooks", R"({"name":"w","url":"https://hooks.example/in"})") == 403);
    CHECK(refused(net::Method::post, acme + "/tokens", R"({"name":"n","role":"developer"})") == 403);
    CHECK(post(web + "/environments/development/keys", ada, R"({"kind":"server"})").status == 201);
}

TEST_CASE_METHOD(Reaching, "a token may do at a place what its scopes and its person's role there have in common") {
    assign(staging, "developer");
    const auto made = post("/api/v1/auth/tokens", ada, R"({"name":"n","scopes":["read","edit"]})");
    const auto token = made.at("/token");
    const auto turned_on = [&](const std::string& env) {
        return patch(flag_f + "/environments/" + env, token, R"({"enabled":true})", "*").status;
    };
    CHECK(turned_on("staging") == 200);
    assign(staging, "viewer");
    CHECK(turned_on("staging") == 403);
    CHECK(turned_on("production") == 404);
    CHECK(turned_on("development") == 200);
    CHECK(patch(flag_f, token, R"({"archived":true})", "*").status == 403);
    const auto me = get("/api/v1/auth/me", token);
    CHECK(me.at("/credential/scopes") == R"(["read","edit"])");
    CHECK(me.at("/orgs/0/permissions") == R"(["read","edit"])");
}
