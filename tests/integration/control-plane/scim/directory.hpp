#pragma once

// An organisation with a directory: the token of a service account, and what it sends.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

class Directory : public ApiFixture {
public:
    Directory() : owner(bootstrap_owner("acme", "owner@example.com")), token(make_token("admin")) {}

    std::string make_token(const std::string& role, const std::string& org = "acme") {
        const auto made =
            post("/api/v1/orgs/" + org + "/tokens", owner, R"({"name":"directory","role":")" + role + "\"}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        return made.at("/token");
    }

    Reply scim(net::Method method, const std::string& path, std::string body = "", const std::string& if_match = "") {
        ApiRequest request{method, base + path, token, std::move(body), {}};
        if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/scim+json");
        if (!if_match.empty()) request.headers.emplace_back("If-Match", if_match);
        return send(std::move(request));
    }
    Reply read(const std::string& path) { return scim(net::Method::get, path); }

    // The id of a new user.
    std::string provision(const std::string& name, const std::string& more = "") {
        const auto made = scim(net::Method::post, "/Users",
                               R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + name +
                                   R"(@example.com","displayName":")" + name + "\"" + more + "}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        return made.at("/id");
    }
    // The session of a person who is a member here and of another organisation, globex.
    std::string in_both(const std::string& name) {
        REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
        add_member(owner, "globex", name + "@example.com", "developer");
        return add_member(owner, "acme", name + "@example.com", "viewer");
    }
    // The id of a new group.
    std::string make_group(const std::string& name, const std::vector<std::string>& members = {}) {
        const auto made =
            scim(net::Method::post, "/Groups", R"({"displayName":")" + name + R"(","members":)" + list(members) + "}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        return made.at("/id");
    }
    static std::string list(const std::vector<std::string>& members) {
        std::string text = "[";
        for (const auto& id : members) text += (text.size() > 1 ? "," : "") + (R"({"value":")" + id + "\"}");
        return text + "]";
    }
    Reply patch_members(const std::string& group, const std::string& op, const std::vector<std::string>& members) {
        return scim(net::Method::patch, "/Groups/" + group,
                    R"({"Operations":[{"op":")" + op + R"(","path":"members","value":)" + list(members) + "}]}");
    }
    Reply patch_user(const std::string& id, const std::string& operations) {
        return scim(net::Method::patch, "/Users/" + id, "{\"Operations\":" + operations + "}");
    }
    // The role of a member, "" of who is none.
    std::string role_of(const std::string& id) { return get(home + "/members/" + id, owner).at("/role"); }
    void set_group_roles(const std::string& rules, const std::string& default_role = "\"viewer\"") {
        const auto reply =
            put(home + "/group-roles", owner, R"({"rules":)" + rules + R"(,"default_role":)" + default_role + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    // How many audit entries there are of an action.
    std::string audited(const std::string& action) {
        return sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
    }

    const std::string home = "/api/v1/orgs/acme";
    const std::string base = "/scim/v2/acme";
    std::string owner;
    std::string token;
};

}  // namespace fanion::test
