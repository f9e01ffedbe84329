// Every route that writes has its entry in the audit log. The routes come from the route table: one that is missing in
// audited_writes.hpp fails.

#include <set>

#include "control-plane/app/admin_routes.hpp"
#include "control-plane/http/route.hpp"
#include "tests/integration/control-plane/admin/audited_writes.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

// Routes that take a body or change something, and still have no entry, each with its reason.
const std::map<std::string, std::string> without_entry = {
    {"POST /api/v1/auth/register", "an account belongs to no organisation yet; the log of the process has it"},
    {"PUT /api/v1/auth/me/preferences", "concerns nobody but the person"},
    {"POST /api/v1/auth/second-factor", "makes a secret that is not in force; its confirmation is recorded"},
    {"POST /api/v1/auth/refresh", "continues a session; the misuse of a token is recorded (audit_trail_test.cpp)"},
    {"POST /api/v1/orgs/{org}/projects/{project}/environments/{env}/evaluate", "writes nothing"},
    {"POST /api/v1/rules/parse", "the same"},
    {"PUT /api/v1/orgs/{org}/presence", "is kept nowhere"},
    {"POST /api/v1/auth/sign-on/token", "wants what an identity provider has sent; sign_on_test.cpp has its entry"},
    {"POST " + uploads, "changes nothing yet; the change that applies it has an entry"},
    {"DELETE " + uploads + "/{upload}", "the same"},
    {"PUT " + uploads + "/{upload}/parts/{part}", "the same"},
};

std::string entries_of(AuditedWrites& api, const std::string& action) {
    return api.sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
}

void check_entry(AuditedWrites& api, const Write& write) {
    const auto page = api.get(acme + "/audit?limit=1&action=" + write.action, api.owner);
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

}  // namespace

TEST_CASE_METHOD(AuditedWrites, "every route that writes has its entry, with before, after and patch") {
    add_sessions();
    add_sign_in();
    add_people();
    add_places();
    add_tokens();
    add_webhooks();
    add_saved();
    add_roles();
    add_requests();
    add_rollouts();
    add_directory();
    add_sign_on();
    add_many();
    add_lists();
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
            check_entry(*this, write->second);
        } else {
            CHECK(get("/api/v1/orgs/beta/audit", owner).at("/items/0/entry/after/key") == "beta");
        }
    }
    for (const auto& [name, write] : writes) CHECK(walked.contains(name));
    for (const auto& [name, reason] : without_entry) CHECK(walked.contains(name));
}
