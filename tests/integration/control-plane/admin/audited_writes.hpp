#pragma once

// Every write of the admin API, by its route: how it is made, and what its audit entry holds. Each
// add_*() adds those of its subject; audit_coverage_test.cpp makes them all.

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

namespace fanion::test {

inline const std::string lists = "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}/members";
inline const std::string uploads = lists + "/uploads";

// What its entry holds: nothing but who and when, the state after, the state before, or both with
// the patch between them.
enum class States { none, after, before, both };

struct Write {
    std::string action;
    States states;
    std::function<Reply()> make;
};

class AuditedWrites : public ApiFixture {
public:
    AuditedWrites() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }

    void add_sessions();
    // Last, as the owner's password alone does not sign in any more.
    void add_sign_in();
    void add_people();
    // Deletes a place, or one that was deleted before, which is then restored.
    Reply remove(const std::string& place);
    // `kind`: of an organisation, project or environment, in the names of actions.
    void add_settings(const std::string& kind, const std::string& pattern, const std::string& place);
    void add_places();
    // `kind`: flag or segment; `key`: of the one that is there.
    void add_items(const std::string& kind, const std::string& key, const std::string& more, const std::string& config);
    void add_lists();
    void add_tokens();
    std::string webhook();
    void add_webhooks();
    // `kind`: view or context; `more`: what its body has besides a name.
    void add_saved(const std::string& kind, const std::string& more);
    void add_saved();
    std::string change_request();
    void add_requests();
    std::string role(const std::string& key);
    void add_roles();
    // A rollout whose first step waits for an approval, of a flag of its own.
    std::string rollout(const std::string& flag);
    void add_rollouts();
    void add_directory();
    void add_sign_on();
    void add_many();

    std::string owner;
    std::string reviewer;
    std::string secret;  // of the owner's second factor
    std::map<std::string, Write> writes;

private:
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
};

}  // namespace fanion::test
