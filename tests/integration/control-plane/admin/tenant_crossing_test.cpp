// Two organisations with resources of every kind. Each credential of one is tried on every route of the other. The
// routes come from the route table, so that new routes are covered automatically. The response must be 404 or 403, and
// nothing may change.

#include <catch2/catch.hpp>
#include <map>

#include "common/base/text.hpp"
#include "control-plane/app/admin_routes.hpp"
#include "control-plane/http/route.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::Reply;

namespace {

// Both have the same keys, so that a query that ignores the organisation would find something.
struct Tenant {
    std::string org;
    std::string owner;
    std::string member_id;
    std::string invitation_id;
    std::string token_id;  // of a service account
    std::string webhook_id;
    std::string delivery_id;
    std::string rollout_id;
    std::string entry_id;
    std::string schedule_id;
    std::string request_id;
    std::string upload_id;
    std::string view_id;
    std::string context_id;
    std::string group_id;
    std::map<std::string, std::string> keys;  // of the environment: path parameter {key} by place
    std::vector<std::string> credentials;     // every credential of this organisation
};

class TwoTenants : public ApiFixture {
public:
    TwoTenants() {
        acme.org = "acme";
        globex.org = "globex";
        acme.owner = bootstrap_owner("acme", "owner@acme.example");
        REQUIRE(post("/api/v1/orgs", acme.owner, R"({"key":"globex"})").status == 201);
        globex.owner = add_member(acme.owner, "globex", "owner@globex.example", "owner");
        const auto guest = get("/api/v1/auth/me", acme.owner).at("/user/id");
        REQUIRE(del("/api/v1/orgs/globex/members/" + guest, globex.owner).status == 204);
        fill(acme);
        fill(globex);
    }

    void fill(Tenant& tenant) {
        const auto base = "/api/v1/orgs/" + tenant.org;
        const auto web = base + "/projects/web";
        const auto env = web + "/environments/development";
        REQUIRE(post(base + "/projects", tenant.owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", tenant.owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", tenant.owner, R"({"key":"s"})").status == 201);
        const auto until = format_rfc3339(clock.now() + 86'400'000);
        REQUIRE(put(web + "/flags/f/lifecycle/snooze", tenant.owner, R"({"until":")" + until + "\"}").status == 200);
        const auto upload = post(web + "/segments/s/environments/development/members/uploads", tenant.owner, "{}");
        REQUIRE(upload.status == 201);
        tenant.upload_id = upload.at("/id");
        tenant.credentials.push_back(tenant.owner);
        for (const auto* role : {"admin", "maintainer", "developer", "viewer"}) {
            const auto email = std::string(role) + "@" + tenant.org + ".example";
            tenant.credentials.push_back(add_member(tenant.owner, tenant.org, email, role));
        }
        tenant.member_id = get("/api/v1/auth/me", tenant.credentials.back()).at("/user/id");
        REQUIRE(post(base + "/roles", tenant.owner, R"({"key":"lead","permissions":["read"]})").status == 201);
        for (const auto& place : {web, env}) {
            const auto assignment = place + "/assignments/" + tenant.member_id;
            REQUIRE(put(assignment, tenant.owner, R"({"role":"lead"})").status == 201);
        }
        const auto invited = post(base + "/members", tenant.owner, R"({"email":"guest@example.com","role":"viewer"})");
        tenant.invitation_id = invited.at("/id");
        tenant.entry_id = get(base + "/audit?limit=1", tenant.owner).at("/items/0/entry/id");
        REQUIRE(invited.status == 201);
        const auto webhook = post(base + "/webhooks", tenant.owner, R"({"url":"https://hooks.example/in"})");
        REQUIRE(webhook.status == 201);
        tenant.webhook_id = webhook.at("/id");
        const auto tested = post(base + "/webhooks/" + tenant.webhook_id + "/test", tenant.owner, "{}");
        REQUIRE(tested.status == 202);
        tenant.delivery_id = tested.at("/id");
        tenant.view_id = post(web + "/views", tenant.owner, R"({"name":"All","shared":true})").at("/id");
        const auto saved = post(web + "/contexts", tenant.owner, R"({"name":"Ann","shared":true,"context":{}})");
        REQUIRE(saved.status == 201);
        tenant.context_id = saved.at("/id");
        fill_changes(tenant, env);
        fill_rollout(tenant, base, env);
        fill_directory(tenant);
        add_key(tenant, base, "relay");
        add_key(tenant, web, "relay");
        for (const auto* kind : {"server", "client", "relay"}) add_key(tenant, env, kind);
        const auto service = post(base + "/tokens", tenant.owner, R"({"name":"n","role":"owner"})");
        REQUIRE(service.status == 201);
        tenant.token_id = service.at("/id");
        tenant.credentials.push_back(service.at("/token"));
        const auto personal =
            post("/api/v1/auth/tokens", tenant.owner,
                 R"({"name":"n","scopes":["read","edit","edit_protected","archive","delete","manage_projects",)"
                 R"("manage_environments","manage_keys","manage_tokens","manage_webhooks",)"
                 R"("manage_members","manage_roles","manage_organisation"]})");
        REQUIRE(personal.status == 201);
        tenant.credentials.push_back(personal.at("/token"));
    }

    void fill_changes(Tenant& tenant, const std::string& env) {
        const std::string change = R"({"method":"PATCH","path":"projects/web/flags/f/environments/development",)"
                                   R"("body":{"enabled":true}})";
        const auto scheduled =
            post(env + "/schedules", tenant.owner, R"({"at":"2036-01-01T00:00:00Z","change":)" + change + "}");
        REQUIRE(scheduled.status == 201);
        tenant.schedule_id = scheduled.at("/id");
        const auto asked = post(env + "/requests", tenant.owner, R"({"title":"t","changes":[)" + change + "]}");
        REQUIRE(asked.status == 201);
        tenant.request_id = asked.at("/id");
    }

    void fill_rollout(Tenant& tenant, const std::string& base, const std::string& env) {
        REQUIRE(put(base + "/prometheus/main", tenant.owner, R"({"url":"https://prometheus.example"})").status == 201);
        REQUIRE(put(base + "/projects/web/rollout-policies/main", tenant.owner, R"({"require":{}})").status == 201);
        REQUIRE(post(base + "/identity-providers", tenant.owner,
                     R"({"key":"main","client_id":"c","issuer":"https://login.example.com"})")
                    .status == 201);
        REQUIRE(post(base + "/projects/web/flags", tenant.owner,
                     R"({"key":"staged","type":"boolean","environments":{"development":{"enabled":true,)"
                     R"("fallthrough":{"variation":"off"}}}})")
                    .status == 201);
        const auto started = post(env + "/rollouts", tenant.owner,
                                  R"({"flag":"staged","from":"off","to":"on","steps":[{"share":100000}]})");
        REQUIRE(started.status == 201);
        tenant.rollout_id = started.at("/id");
    }

    void fill_directory(Tenant& tenant) {
        const auto directory = "/scim/v2/" + tenant.org;
        const auto user =
            post(directory + "/Users", tenant.owner, R"({"userName":"viewer@)" + tenant.org + R"(.example"})");
        REQUIRE(user.status == 201);
        REQUIRE(user.at("/id") == tenant.member_id);
        const auto group = post(directory + "/Groups", tenant.owner,
                                R"({"displayName":"g","members":[{"value":")" + tenant.member_id + R"("}]})");
        REQUIRE(group.status == 201);
        tenant.group_id = group.at("/id");
    }

    void add_key(Tenant& tenant, const std::string& place, const std::string& kind) {
        const auto made = post(place + "/keys", tenant.owner, R"({"kind":")" + kind + "\"}");
        REQUIRE(made.status == 201);
        tenant.keys[place + "/keys"] = made.at("/id");
        tenant.credentials.push_back(made.at("/key"));
    }

    std::string path_of(const cp::http::Route& route, const Tenant& tenant) {
        std::string path(route.pattern);
        const auto replace = [&path](const std::string& name, const std::string& value) {
            const auto at = path.find(name);
            if (at != std::string::npos) path.replace(at, name.size(), value);
        };
        replace("{org}", tenant.org);
        replace("{deleted_org}", tenant.org);
        replace("{project}", "web");
        replace("{env}", "development");
        replace("{flag}", "f");
        replace("{segment}", "s");
        replace("{member}", tenant.member_id);
        replace("{role}", "lead");
        replace("{invitation}", tenant.invitation_id);
        replace("{token}", tenant.token_id);
        const auto at = path.find("/{key}");
        if (at != std::string::npos) replace("{key}", tenant.keys.at(path.substr(0, at)));
        if (path.ends_with("/compare")) path += "?with=staging";
        if (path.ends_with("/sparks")) path += "?flags=f";
        if (path.ends_with("/presence") && route.method == net::Method::get) path += "?resource=projects/web";
        replace("{webhook}", tenant.webhook_id);
        replace("{delivery}", tenant.delivery_id);
        replace("{rollout}", tenant.rollout_id);
        replace("{source}", "main");
        replace("{policy}", "main");
        replace("{provider}", "main");
        replace("{entry}", tenant.entry_id);
        replace("{schedule}", tenant.schedule_id);
        replace("{request}", tenant.request_id);
        replace("{upload}", tenant.upload_id);
        replace("{view}", tenant.view_id);
        replace("{context}", tenant.context_id);
        replace("{part}", "1");
        replace("{user}", tenant.member_id);
        replace("{group}", tenant.group_id);
        replace("{type}", "User");
        replace("{schema}", "urn:ietf:params:scim:schemas:core:2.0:User");
        INFO(path);
        REQUIRE(path.find('{') == std::string::npos);  // a new parameter needs a line above
        return path;
    }

    Reply attempt(const cp::http::Route& route, const std::string& path, const std::string& credential) {
        const bool has_body = route.method != net::Method::get && route.method != net::Method::del;
        test::ApiRequest request{route.method, path, credential, has_body ? "{}" : "", {{"If-Match", "*"}}};
        return send(std::move(request));
    }

    // A fingerprint of all rows of an organisation.
    std::string state_of(const Tenant& tenant) {
        const auto base = "/api/v1/orgs/" + tenant.org;
        const auto deliveries = "/webhooks/" + tenant.webhook_id + "/deliveries";
        std::string state = get(base + deliveries, tenant.owner).body;
        state += get(base + "/projects/web/environments/development/rollouts", tenant.owner).body;
        state += get(base + "/prometheus", tenant.owner).body;
        state += get(base + "/projects/web/rollout-policies", tenant.owner).body;
        state += get(base + "/group-roles", tenant.owner).body + get(base + "/groups", tenant.owner).body;
        for (const auto* list : {"/Users", "/Groups"}) state += get("/scim/v2/" + tenant.org + list, tenant.owner).body;
        state += get(base + "/identity-providers", tenant.owner).body;
        for (const auto* path :
             {"", "/members", "/roles", "/invitations", "/webhooks", "/keys", "/tokens", "/audit?limit=200",
              "/projects", "/projects/web/assignments", "/projects/web/environments/development/assignments",
              "/projects/web/keys", "/projects/web/flags", "/projects/web/segments", "/projects/web/environments",
              "/projects/web/environments/development/keys"}) {
            const auto reply = get(base + path, tenant.owner);
            CHECK(reply.status == 200);
            state += reply.body + '\n';
        }
        return state;
    }

    void cross(const Tenant& from, const Tenant& to) {
        const auto before = state_of(to);
        std::size_t attempts = 0;
        for (const auto& route : cp::app::admin_routes()) {
            if (route.pattern.find("{org}") == std::string_view::npos) continue;
            const auto path = path_of(route, to);
            for (const auto& credential : from.credentials) {
                const auto reply = attempt(route, path, credential);
                INFO(net::name_of(route.method) << ' ' << path << ": " << reply.status << ' ' << reply.body);
                CHECK((reply.status == 404 || reply.status == 403));
                ++attempts;
            }
        }
        CHECK(attempts >= 40 * from.credentials.size());
        CHECK(state_of(to) == before);
    }

    Tenant acme;
    Tenant globex;
};

}  // namespace

TEST_CASE_METHOD(TwoTenants, "no credential of one organisation can read or change anything of another") {
    cross(acme, globex);
    cross(globex, acme);
}

TEST_CASE_METHOD(TwoTenants,
                 "each credential of a person does open its own organisation, so the crossing proves something") {
    for (const auto& route : cp::app::admin_routes()) {
        if (route.method != net::Method::get || route.pattern.find("{org}") == std::string_view::npos) continue;
        if (route.pattern.ends_with("/events")) continue;  // never ends: live_api_test.cpp
        const auto reply = attempt(route, path_of(route, acme), acme.owner);
        INFO(route.pattern << ": " << reply.body);
        CHECK(reply.status == 200);
    }
}

TEST_CASE_METHOD(TwoTenants, "another organisation is indistinguishable from one that does not exist") {
    for (const auto* below : {"", "/projects", "/projects/web/flags/f", "/members"}) {
        const auto theirs = get(std::string("/api/v1/orgs/globex") + below, acme.owner);
        const auto nobodys = get(std::string("/api/v1/orgs/nowhere") + below, acme.owner);
        CHECK(theirs.status == nobodys.status);
        CHECK(theirs.at("/detail") == nobodys.at("/detail"));
        CHECK(theirs.at("/title") == nobodys.at("/title"));
    }
    CHECK(get("/api/v1/orgs", acme.owner).body.find("globex") == std::string::npos);
    CHECK(get("/api/v1/auth/me", acme.owner).body.find("globex") == std::string::npos);
}

TEST_CASE_METHOD(TwoTenants, "without a membership the database itself returns no rows") {
    const auto acme_id = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    for (const auto* table :
         {"projects",         "environments",   "flags",          "flag_configs",       "segments", "segment_configs",
          "api_keys",         "items",          "audit",          "memberships",        "orgs",     "invitations",
          "service_tokens",   "webhooks",       "webhook_events", "webhook_deliveries", "roles",    "role_assignments",
          "sign_in_settings", "segment_uploads"}) {
        const auto text = "SELECT count(*) FROM " + std::string(table) + " WHERE org_id <> '" + acme_id + "'";
        const auto name = "test_foreign_" + std::string(table);
        const cp::db::Statement statement{name.c_str(), text.c_str()};
        const auto rows = run(pool.run_once(cp::db::Scope::tenant(acme_id), statement));
        INFO(table);
        CHECK(rows[0].i64(0) == 0);
    }
}
