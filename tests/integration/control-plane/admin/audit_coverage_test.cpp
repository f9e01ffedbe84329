// Every route that writes has its entry in the audit log. The routes come from the route table: one that is missing in the
// lists below fails.

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "control-plane/app/password_reset.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string acme = "/api/v1/orgs/acme";
const std::string web = acme + "/projects/web";
const std::string staging = web + "/environments/staging";

// What its entry holds: nothing but who and when, the state after, the state before, or both with the patch between them.
enum class States { none, after, before, both };

struct Write {
    std::string action;
    States states;
    std::function<Reply()> make;
};

// Routes that take a body or change something, and still have no entry, each with its reason.
const std::map<std::string, std::string> without_entry = {
    {"POST /api/v1/auth/register", "an account belongs to no organisation yet; the log of the process has it"},
    {"POST /api/v1/auth/refresh", "continues a session; the misuse of a token is recorded (audit_trail_test.cpp)"},
    {"POST /api/v1/orgs/{org}/projects/{project}/environments/{env}/evaluate", "writes nothing"},
};

class AuditCoverage : public ApiFixture {
public:
    AuditCoverage() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }
    std::string invite(const std::string& email) {
        return post(acme + "/members", owner, R"({"role":"viewer","email":")" + email + "\"}").body;
    }
    Reply create(const std::string& collection, const std::string& body) { return post(collection, owner, body); }
    std::string member(const std::string& email) {
        add_member(owner, "acme", email, "viewer");
        return acme + "/members/" + sql("SELECT user_id FROM fanion.users WHERE email = '" + email + "'");
    }
    std::string key_at(const std::string& place) {
        return place + "/keys/" + create(place + "/keys", R"({"kind":"relay"})").at("/id");
    }
    Reply login() {
        return post("/api/v1/auth/login", "",
                    R"({"email":"owner@example.com","password":")" + std::string(default_password) + "\"}");
    }
    Reply use(const std::string& route, const std::string& token) {
        return post(route, "", R"({"token":")" + token + R"(","password":"another long password"})");
    }

    void add_sessions() {
        writes["POST /api/v1/auth/login"] = {"session.started", States::none, [this] { return login(); }};
        writes["POST /api/v1/auth/logout"] = {"session.ended", States::none, [this] {
                                                  return post("/api/v1/auth/logout", login().at("/access_token"), "");
                                              }};
        writes["POST /api/v1/auth/setup"] = {
            "member.joined", States::after, [this] {
                const auto made = create(acme + "/members", R"({"email":"new@example.com","role":"viewer"})");
                return use("/api/v1/auth/setup", made.at("/setup_token"));
            }};
        writes["POST /api/v1/auth/reset"] = {
            "password.reset", States::none, [this] {
                member("lost@example.com");
                const auto token = run(cp::app::make_password_reset(pool, "lost@example.com", clock.now()));
                return use("/api/v1/auth/reset", token.value());
            }};
    }
    void add_people() {
        const auto org = std::string("/api/v1/orgs/{org}");
        writes["POST " + org + "/members"] = {
            "member.invited", States::after,
            [this] { return create(acme + "/members", R"({"email":"a@example.com","role":"viewer"})"); }};
        writes["PATCH " + org + "/members/{member}"] = {
            "member.updated", States::both,
            [this] { return patch(member("b@example.com"), owner, R"({"role":"admin"})"); }};
        writes["DELETE " + org + "/members/{member}"] = {"member.removed", States::before,
                                                         [this] { return del(member("c@example.com"), owner); }};
        writes["DELETE " + org + "/invitations/{invitation}"] = {
            "invitation.withdrawn", States::before, [this] {
                const auto made = create(acme + "/members", R"({"email":"d@example.com","role":"viewer"})");
                return del(acme + "/invitations/" + made.at("/id"), owner);
            }};
    }
    void add_places() {
        const auto org = std::string("/api/v1/orgs/{org}");
        writes["POST /api/v1/orgs"] = {"org.created", States::after,
                                       [this] { return create("/api/v1/orgs", R"({"key":"beta"})"); }};
        writes["POST " + org + "/projects"] = {"project.created", States::after,
                                               [this] { return create(acme + "/projects", R"({"key":"shop"})"); }};
        writes["POST " + org + "/projects/{project}/environments"] = {
            "environment.created", States::after, [this] { return create(web + "/environments", R"({"key":"qa"})"); }};
        writes["PUT " + org + "/audit/settings"] = {
            "audit.configured", States::both,
            [this] { return put(acme + "/audit/settings", owner, R"({"retention_days":30})"); }};
        writes["POST " + org + "/audit/{entry}/revert"] = {
            "flag.configured", States::both, [this] {
                REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
                const auto entry = get(acme + "/audit?limit=1", owner).at("/items/0/entry/id");
                return send({net::Method::post, acme + "/audit/" + entry + "/revert", owner});
            }};
        for (const auto& [pattern, place] :
             std::map<std::string, std::string>{{org, acme},
                                                {org + "/projects/{project}", web},
                                                {org + "/projects/{project}/environments/{env}", staging}}) {
            writes["POST " + pattern + "/keys"] = {"key.created", States::after, [this, place = place] {
                                                       return create(place + "/keys", R"({"kind":"relay"})");
                                                   }};
            writes["DELETE " + pattern + "/keys/{key}"] = {"key.revoked", States::both,
                                                           [this, place = place] { return del(key_at(place), owner); }};
        }
    }
    // `kind`: flag or segment; `key`: of the one that is there.
    void add_items(const std::string& kind, const std::string& key, const std::string& more,
                   const std::string& config) {
        const auto pattern = "/api/v1/orgs/{org}/projects/{project}/" + kind + "s";
        const auto one = pattern + "/{" + kind + '}';
        const auto path = web + '/' + kind + "s";
        writes["POST " + pattern] = {kind + ".created", States::after,
                                     [=, this] { return create(path, R"({"key":"new")" + more + '}'); }};
        writes["PUT " + one] = {
            kind + ".updated", States::both,
            [=, this] { return put(path + '/' + key, owner, R"({"name":"put","key":")" + key + '"' + more + '}'); }};
        writes["PATCH " + one] = {kind + ".updated", States::both,
                                  [=, this] { return patch(path + '/' + key, owner, R"({"name":"patched"})"); }};
        writes["DELETE " + one] = {kind + ".deleted", States::before, [=, this] {
                                       create(path, R"({"key":"gone")" + more + '}');
                                       return del(path + "/gone", owner, "*");
                                   }};
        const auto place = path + '/' + key + "/environments/development";
        writes["PUT " + one + "/environments/{env}"] = {kind + ".configured", States::both,
                                                        [=, this] { return put(place, owner, config); }};
        writes["PATCH " + one + "/environments/{env}"] = {kind + ".configured", States::both, [=, this] {
                                                              REQUIRE(put(place, owner, "{}").status == 200);
                                                              return patch(place, owner, config);
                                                          }};
    }

    void add_tokens() {
        const auto user = std::string("/api/v1/auth/tokens");
        const auto org = std::string("/api/v1/orgs/{org}/tokens");
        for (const auto& [pattern, place, body] :
             {std::tuple{user, user, std::string(R"({"name":"t","scopes":["read"]})")},
              std::tuple{org, acme + "/tokens", std::string(R"({"name":"t","role":"viewer","scopes":["read"]})")}}) {
            const auto make = [this, place = place, body = body] { return create(place, body); };
            writes["POST " + pattern] = {"token.created", States::after, make};
            writes["POST " + pattern + "/{token}/rotate"] = {
                "token.rotated", States::both,
                [=, this, place = place] { return create(place + '/' + make().at("/id") + "/rotate", "{}"); }};
            writes["DELETE " + pattern + "/{token}"] = {"token.revoked", States::both, [=, this, place = place] {
                                                            return del(place + '/' + make().at("/id"), owner);
                                                        }};
        }
        const auto sessions = std::string("/api/v1/auth/sessions");
        writes["DELETE " + sessions] = {"session.ended", States::before, [=, this] {
                                            login();
                                            return del(sessions, owner);
                                        }};
        writes["DELETE " + sessions + "/{session}"] = {
            "session.ended", States::before, [=, this] {
                login();
                const auto list = get(sessions, owner);
                const auto other = list.at("/items/0/current") == "true" ? "/items/1/id" : "/items/0/id";
                return del(sessions + '/' + list.at(other), owner);
            }};
    }
    std::string webhook() {
        return acme + "/webhooks/" + create(acme + "/webhooks", R"({"url":"https://hooks.example/in"})").at("/id");
    }
    void add_webhooks() {
        const auto all = std::string("/api/v1/orgs/{org}/webhooks");
        const auto one = all + "/{webhook}";
        writes["POST " + all] = {"webhook.created", States::after, [this] {
                                     return create(acme + "/webhooks", R"({"url":"https://hooks.example/in"})");
                                 }};
        writes["PUT " + one] = {"webhook.updated", States::both, [this] {
                                    return put(webhook(), owner, R"({"url":"https://hooks.example/in","name":"n"})");
                                }};
        writes["PATCH " + one] = {"webhook.updated", States::both,
                                  [this] { return patch(webhook(), owner, R"({"name":"m"})"); }};
        writes["DELETE " + one] = {"webhook.deleted", States::before, [this] { return del(webhook(), owner); }};
        writes["POST " + one + "/rotate"] = {"webhook.rotated", States::both, [this] {
                                                 return create(webhook() + "/rotate", R"({"overlap_hours":1})");
                                             }};
        writes["POST " + one + "/test"] = {"webhook.tested", States::after,
                                           [this] { return create(webhook() + "/test", "{}"); }};
        writes["POST " + one + "/deliveries/{delivery}/replay"] = {
            "webhook.replayed", States::after, [this] {
                const auto place = webhook();
                const auto sent = create(place + "/test", "{}");
                return create(place + "/deliveries/" + sent.at("/id") + "/replay", "{}");
            }};
    }
    std::string change_request() {
        const auto key = "cr" + std::to_string(requests_made++);
        create(web + "/flags", R"({"key":")" + key + R"(","type":"boolean"})");
        const auto reply =
            create(staging + "/requests", R"({"title":"t","changes":[{"method":"PATCH","path":"projects/web/flags/)" +
                                              key + R"(/environments/staging","body":{"enabled":true}}]})");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.header("Location");
    }
    Reply schedule() {
        return create(staging + "/schedules",
                      R"({"repeat":{"every":"day","time":"09:00"},"change":{"method":"PATCH",)"
                      R"("path":"projects/web/flags/f/environments/staging","body":{"enabled":true}}})");
    }
    void add_requests() {
        const std::string place = "/api/v1/orgs/{org}/projects/{project}/environments/{env}";
        const auto one = place + "/requests/{request}";
        const auto step = [&](const std::string& name, const std::string& action, const std::string& body) {
            writes["POST " + one + '/' + name] = {
                action, States::both, [this, name, body] { return create(change_request() + '/' + name, body); }};
        };
        step("withdraw", "change_request.withdrawn", "{}");
        step("apply", "change_request.applied", "{}");
        step("bypass", "change_request.bypassed", R"({"reason":"r"})");
        writes["POST " + place + "/requests"] = {"change_request.created", States::after,
                                                 [this] { return get(change_request(), owner); }};
        writes["PATCH " + one] = {"change_request.updated", States::both,
                                  [this] { return patch(change_request(), owner, R"({"title":"u"})"); }};
        writes["POST " + one + "/comments"] = {"change_request.commented", States::after, [this] {
                                                   return create(change_request() + "/comments", R"({"text":"t"})");
                                               }};
        reviewer = add_member(owner, "acme", "reviewer@example.com", "maintainer");
        writes["POST " + one + "/approve"] = {"change_request.approved", States::both, [this] {
                                                  const auto path = change_request();
                                                  const auto digest = get(path, reviewer).at("/result/digest");
                                                  return post(path + "/approve", reviewer,
                                                              R"({"digest":")" + digest + R"("})");
                                              }};
        writes["POST " + one + "/decline"] = {"change_request.declined", States::both,
                                              [this] { return post(change_request() + "/decline", reviewer, "{}"); }};
        writes["POST " + place + "/schedules"] = {"schedule.created", States::after, [this] { return schedule(); }};
        writes["DELETE " + place + "/schedules/{schedule}"] = {
            "schedule.cancelled", States::both, [this] { return del(schedule().header("Location"), owner); }};
        writes["PUT " + place + "/approvals"] = {"environment.updated", States::both, [this] {
                                                     put(staging + "/approvals", owner, R"({"required":1})");
                                                     return put(staging + "/approvals", owner,
                                                                R"({"required":0})");  // the other changes need none
                                                 }};
    }
    std::string role(const std::string& key) {
        create(acme + "/roles", R"({"key":")" + key + R"(","permissions":["read"]})");
        return acme + "/roles/" + key;
    }
    void add_roles() {
        const auto all = std::string("/api/v1/orgs/{org}/roles");
        writes["POST " + all] = {"role.created", States::after,
                                 [this] { return create(acme + "/roles", R"({"key":"lead"})"); }};
        writes["PUT " + all + "/{role}"] = {"role.updated", States::both,
                                            [this] { return put(role("a"), owner, R"({"name":"n"})"); }};
        writes["PATCH " + all + "/{role}"] = {"role.updated", States::both,
                                              [this] { return patch(role("b"), owner, R"({"name":"m"})"); }};
        writes["DELETE " + all + "/{role}"] = {"role.deleted", States::before,
                                               [this] { return del(role("c"), owner); }};
        const auto project = std::string("/api/v1/orgs/{org}/projects/{project}");
        for (const auto& [pattern, place, name] :
             {std::tuple{project, web, std::string("web")},
              std::tuple{project + "/environments/{env}", staging, std::string("env")}}) {
            const auto one = pattern + "/assignments/{member}";
            const auto assign = [this, place = place](const std::string& email) {
                const auto id = member(email).substr(acme.size() + std::string("/members/").size());
                const auto path = place + "/assignments/" + id;
                return std::pair{path, put(path, owner, R"({"role":"developer"})")};
            };
            writes["PUT " + one] = {"assignment.created", States::after,
                                    [=, name = name] { return assign("put-" + name + "@example.com").second; }};
            writes["DELETE " + one] = {"assignment.deleted", States::before, [=, this, name = name] {
                                           return del(assign("del-" + name + "@example.com").first, owner);
                                       }};
        }
    }
    void add_many() {
        const auto project = std::string("/api/v1/orgs/{org}/projects/{project}");
        const auto environment = project + "/environments/{env}";
        writes["POST " + project + "/bulk"] = {
            "flag.configured", States::both, [this] {
                create(web + "/flags", R"({"key":"b","type":"boolean"})");
                return create(web + "/bulk", R"({"changes":[{"flags":["b"],"environment":"staging",)"
                                             R"("instructions":[{"kind":"turn_on"}]}]})");
            }};
        writes["POST " + project + "/flags/{flag}/clone"] = {
            "flag.created", States::after, [this] { return create(web + "/flags/f/clone", R"({"key":"copy"})"); }};
        writes["POST " + environment + "/promote"] = {
            "environment.promoted", States::both, [this] {
                create(web + "/flags",
                       R"({"key":"p","type":"boolean","environments":{"development":{"enabled":true}}})");
                return create(staging + "/promote", R"({"from":"development","flags":["p"]})");
            }};
        writes["POST " + environment + "/rollback"] = {
            "environment.rolled_back", States::both, [this] {
                create(web + "/flags", R"({"key":"r","type":"boolean"})");
                const auto version = get(staging + "/versions?limit=1", owner).at("/items/0/version");
                patch(web + "/flags/r/environments/staging", owner, R"({"enabled":true})");
                return create(staging + "/rollback", R"({"version":")" + version + R"(","flags":["r"]})");
            }};
        const auto org = std::string("/api/v1/orgs/{org}");
        for (const auto& [pattern, place] :
             std::map<std::string, std::string>{{org, acme}, {project, web}, {environment, staging}}) {
            writes["POST " + pattern + "/keys/{key}/rotate"] = {
                "key.rotated", States::both, [this, place = place] { return create(key_at(place) + "/rotate", "{}"); }};
        }
    }

    void check_entry(const Write& write) {
        const auto page = get(acme + "/audit?limit=1&action=" + write.action, owner);
        const std::string entry = "/items/0/entry/";
        INFO(page.body);
        REQUIRE(page.at(entry + "action") == write.action);
        const bool has_before = write.states == States::before || write.states == States::both;
        const bool has_after = write.states == States::after || write.states == States::both;
        CHECK((page.at(entry + "before") != "null") == has_before);
        CHECK((page.at(entry + "after") != "null") == has_after);
        CHECK(page.at(entry + "patch").empty() == (write.states != States::both));
        if (write.states == States::both) CHECK(page.at(entry + "patch/0/op").size() > 2);
    }

    std::string owner;
    std::string reviewer;
    int requests_made = 0;
    std::map<std::string, Write> writes;
};

std::string entries_of(AuditCoverage& api, const std::string& action) {
    return api.sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
}

}  // namespace

TEST_CASE_METHOD(AuditCoverage, "every route that writes has its entry, with before, after and patch") {
    add_sessions();
    add_people();
    add_places();
    add_tokens();
    add_webhooks();
    add_roles();
    add_requests();
    add_many();
    add_items("flag", "f", R"(,"type":"boolean")", R"({"enabled":true})");
    add_items("segment", "s", "", R"({"included":[{"attribute":"a","values":["x"]}]})");
    std::set<std::string> walked;
    for (const auto& route : cp::app::admin_routes()) {
        if (route.method == net::Method::get) continue;
        const auto name = std::string(net::name_of(route.method)) + ' ' + std::string(route.pattern);
        INFO(name);
        walked.insert(name);
        if (without_entry.contains(name)) continue;
        const auto write = writes.find(name);
        REQUIRE(write != writes.end());  // a new route needs a line above
        const auto before = entries_of(*this, write->second.action);
        const auto reply = write->second.make();
        INFO(reply.body);
        REQUIRE(reply.status < 300);
        CHECK(entries_of(*this, write->second.action) != before);
        if (name != "POST /api/v1/orgs") {
            check_entry(write->second);
        } else {
            CHECK(get("/api/v1/orgs/beta/audit", owner).at("/items/0/entry/after/key") == "beta");
        }
    }
    for (const auto& [name, write] : writes) CHECK(walked.contains(name));
    for (const auto& [name, reason] : without_entry) CHECK(walked.contains(name));
}
