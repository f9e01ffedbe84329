// Concurrent changes.

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::ApiRequest;
using test::web;

namespace {

class Crowd : public ApiFixture {
public:
    Crowd() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    ApiRequest tag(int i, std::vector<std::pair<std::string, std::string>> headers) {
        headers.emplace_back("Content-Type", "application/json");
        const auto body =
            R"({"targets":[{"attribute":"targetingKey","values":["u)" + std::to_string(i) + R"("],"variation":"on"}]})";
        return {net::Method::patch, web + "/flags/f/environments/development", owner, body, std::move(headers)};
    }
    std::string owner;
};

std::size_t count(const std::vector<test::Reply>& replies, unsigned status) {
    return static_cast<std::size_t>(
        std::count_if(replies.begin(), replies.end(), [&](const auto& reply) { return reply.status == status; }));
}

}  // namespace

TEST_CASE_METHOD(Crowd,
                 "of many concurrent changes of one version, exactly one succeeds; the others get the current state") {
    std::vector<ApiRequest> requests;
    for (int i = 0; i < 8; ++i) requests.push_back(tag(i, {{"If-Match", "\"1\""}}));
    const auto replies = send_at_once(std::move(requests));
    CHECK(count(replies, 200) == 1);
    CHECK(count(replies, 412) == 7);
    for (const auto& reply : replies) {
        CHECK(reply.etag() == "\"2\"");
        CHECK(reply.at("/version") == "2");
        CHECK_FALSE(reply.at("/targets/0").empty());
    }
}

TEST_CASE_METHOD(Crowd, "without If-Match, changes are applied one after another, each with a version of its own") {
    std::vector<ApiRequest> requests;
    for (int i = 0; i < 8; ++i) requests.push_back(tag(i, {}));
    const auto replies = send_at_once(std::move(requests));
    CHECK(count(replies, 200) == 8);
    std::set<std::string> tags;
    std::set<std::string> versions;
    for (const auto& reply : replies) {
        tags.insert(reply.etag());
        versions.insert(reply.header("Fanion-Ruleset-Version"));
    }
    CHECK(tags.size() == 8);
    CHECK(versions.size() == 8);
    CHECK(tags.count("\"9\"") == 1);
}

TEST_CASE_METHOD(Crowd, "a change of a protected environment requires If-Match") {
    const auto place = web + "/flags/f/environments/production";
    const auto unseen = patch(place, owner, R"({"enabled":true})");
    CHECK(unseen.status == 428);
    CHECK(unseen.errors() == std::vector<std::string>{"If-Match required"});
    CHECK(patch(place, owner, R"({"enabled":true})", "\"7\"").status == 412);
    CHECK(patch(place, owner, R"({"enabled":true})", "W/\"1\"").status == 412);
    CHECK(patch(place, owner, R"({"enabled":true})", "\"7\", \"1\"").status == 200);
    CHECK(patch(place, owner, R"({"enabled":false})", "*").status == 200);
    CHECK(patch(web + "/flags/f", owner, R"({"client":true})").status == 428);  // reaches production
    CHECK(patch(web + "/flags/f", owner, R"({"name":"F"})").status == 200);     // does not
    CHECK(del(web + "/flags/f", owner).status == 428);
}

TEST_CASE_METHOD(Crowd, "a change of the definition invalidates the tags of the configurations") {
    const auto place = web + "/flags/f/environments/development";
    CHECK(get(place, owner).etag() == "\"1\"");
    const auto more =
        R"({"variations":[{"key":"on","value":true},{"key":"off","value":false},{"key":"also","value":true}]})";
    REQUIRE(patch(web + "/flags/f", owner, more, "\"1\"").status == 200);
    CHECK(patch(place, owner, R"({"off":"also"})", "\"1\"").status == 412);
    CHECK(patch(place, owner, R"({"off":"also"})", "\"2\"").status == 200);
}

TEST_CASE_METHOD(Crowd, "concurrent changes of everything neither deadlock nor get lost") {
    std::vector<ApiRequest> requests;
    const std::pair<std::string, std::string> json{"Content-Type", "application/json"};
    for (int i = 0; i < 4; ++i) {
        const auto n = std::to_string(i);
        requests.push_back(
            {net::Method::post, web + "/flags", owner, R"({"key":"new)" + n + R"(","type":"boolean"})", {json}});
        requests.push_back({net::Method::post, web + "/environments", owner, R"({"key":"env)" + n + "\"}", {json}});
        requests.push_back(tag(i, {}));
        requests.push_back({net::Method::post, web + "/segments", owner, R"({"key":"s)" + n + "\"}", {json}});
    }
    const auto replies = send_at_once(std::move(requests));
    CHECK(count(replies, 201) == 12);
    CHECK(count(replies, 200) == 4);
    for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 4; ++j) {  // every flag is in every environment, whichever came first
            const auto path = web + "/flags/new" + std::to_string(i) + "/environments/env" + std::to_string(j);
            CHECK(get(path, owner).status == 200);
        }
    }
}

TEST_CASE_METHOD(Crowd, "a GET with the tag one holds is not answered again") {
    const auto seen = get(web + "/flags/f", owner);
    const auto again = send({net::Method::get, web + "/flags/f", owner, "", {{"If-None-Match", "W/" + seen.etag()}}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.etag() == seen.etag());
}
