#pragma once

// A project with a segment, and requests about its lists.

#include <catch2/catch.hpp>
#include <string>

#include "tests/integration/control-plane/admin/api_fixture.hpp"

namespace fanion::test {

class Listed : public ApiFixture {
public:
    Listed() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }

    Reply upload(const std::string& path, std::string text, const std::string& type = "text/csv",
                 const std::string& if_match = "") {
        ApiRequest request{net::Method::post, path, owner, std::move(text), {{"Content-Type", type}}};
        if (!if_match.empty()) request.headers.emplace_back("If-Match", if_match);
        return send(std::move(request));
    }
    Reply put_part(const std::string& path, std::string text, const std::string& type = "text/csv") {
        return send({net::Method::put, path, owner, std::move(text), {{"Content-Type", type}}});
    }

    static inline const std::string web = "/api/v1/orgs/acme/projects/web";
    static inline const std::string segment = web + "/segments/s";
    static inline const std::string config = segment + "/environments/development";
    static inline const std::string members = config + "/members";
    static inline const std::string in_production = segment + "/environments/production";
    std::string owner;
};

}  // namespace fanion::test
