#pragma once

// An organisation with a project, and people with different roles in it.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

namespace fanion::test {

class Project : public ApiFixture {
public:
    Project() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }

    // The member `name` of each item of a list.
    std::string each(const Reply& reply, const std::string& name) {
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        std::string found;
        for (const auto item : reply.document->root().find("items").elements()) {
            found += std::string(item.find(name).as_string()) + ' ';
        }
        return found;
    }

    // A token of a new service account.
    std::string service(const std::string& role, const std::string& scopes) {
        const auto made =
            post(acme + "/tokens", owner, R"({"name":"robot","role":")" + role + R"(","scopes":)" + scopes + "}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        return made.at("/token");
    }

    std::string owner;
};

}  // namespace fanion::test
