#pragma once

// An organisation with a project, a flag, a segment and people, for the tests of its deletion.

#include <string>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

class Tenancy : public ApiFixture {
public:
    Tenancy() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web","name":"Web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }

    Reply restore(const std::string& path, const std::string& token) { return post(path + "/restore", token, "{}"); }
    // Deletes the environment `key` of the project `web`, with what its protection needs.
    Reply del_environment(const std::string& key) {
        const auto path = web + "/environments/" + key;
        return del(path + "?confirm=" + key, owner, get(path, owner).etag());
    }
    // The actions of the newest entries of the audit log, oldest first.
    std::string newest_actions(int count) {
        return sql(
            "SELECT string_agg(action, ' ' ORDER BY seq) FROM (SELECT action, seq FROM fanion.audit "
            "ORDER BY at DESC, seq DESC LIMIT " +
            std::to_string(count) + ") a");
    }
    // The owner signs in again, because access tokens last for minutes.
    void pass_hours(int hours) {
        clock.advance(hours * 3600LL * 1000);
        const auto reply = post("/api/v1/auth/login", "",
                                R"({"email":"owner@example.com","password":")" + std::string(default_password) + "\"}");
        REQUIRE(reply.status == 200);
        owner = reply.at("/access_token");
    }
    std::string keys_of(const std::string& list) {
        const auto reply = get(list, owner);
        std::string keys;
        for (int i = 0; !reply.at("/items/" + std::to_string(i) + "/key").empty(); ++i) {
            keys += (keys.empty() ? "" : " ") + reply.at("/items/" + std::to_string(i) + "/key");
        }
        return keys;
    }

    const std::string acme = "/api/v1/orgs/acme";
    const std::string web = acme + "/projects/web";
    std::string owner;
};

}  // namespace fanion::test
