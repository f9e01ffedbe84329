// Every list has pages, which neither repeat nor skip an item and end at a size.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::web;

namespace {

class Lists : public ApiFixture {
public:
    Lists() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }
    // The items' `member`, over all pages of two.
    std::string walk(const std::string& path, const std::string& member) {
        std::string found;
        std::string cursor;
        for (int pages = 0; pages < 20; ++pages) {
            const auto page = get(path + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor), owner);
            INFO(page.body);
            REQUIRE(page.status == 200);
            for (const auto* item : {"/items/0/", "/items/1/"}) {
                if (!page.at(item + member).empty()) found += page.at(item + member) + ' ';
            }
            CHECK(page.at("/items/2").empty());
            cursor = page.at("/next");
            if (cursor == "null") return found;
        }
        FAIL("the list has no end");
        return found;
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Lists, "projects and organisations come page by page, in the order of their keys") {
    for (const auto* key : {"shop", "app", "Zoo", "x-1"}) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":")" + std::string(key) + "\"}").status == 201);
        REQUIRE(post("/api/v1/orgs", owner, R"({"key":")" + std::string(key) + "\"}").status == 201);
    }
    CHECK(walk(acme + "/projects", "key") == "Zoo app shop web x-1 ");
    CHECK(walk("/api/v1/orgs", "key") == "Zoo acme app shop x-1 ");
    CHECK(get(acme + "/projects?limit=0", owner).errors() == std::vector<std::string>{"?limit out_of_range"});
}

TEST_CASE_METHOD(Lists, "members come page by page, each once") {
    for (const auto* email : {"a@example.com", "b@example.com", "c@example.com"}) {
        add_member(owner, "acme", email, "viewer");
    }
    auto emails = walk(acme + "/members", "email");
    for (const auto* email : {"a@example.com ", "b@example.com ", "c@example.com ", "owner@example.com "}) {
        INFO(email);
        const auto at = emails.find(email);
        REQUIRE(at != std::string::npos);
        emails.erase(at, std::string(email).size());
    }
    CHECK(emails.empty());
}

TEST_CASE_METHOD(Lists, "keys come page by page, newest first, also those made in the same instant") {
    std::vector<std::string> names;
    for (int i = 0; i < 5; ++i) {
        const auto name = "k" + std::to_string(i);
        REQUIRE(post(acme + "/keys", owner, R"({"kind":"relay","name":")" + name + "\"}").status == 201);
        if (i == 2) clock.advance(1'000);
    }
    const auto found = walk(acme + "/keys", "name");
    CHECK(found.size() == 15);
    CHECK(found.substr(0, 6).find("k3") != std::string::npos);
    CHECK(found.substr(0, 6).find("k4") != std::string::npos);
    for (const auto* name : {"k0 ", "k1 ", "k2 "}) CHECK(found.substr(6).find(name) != std::string::npos);
    CHECK(walk(web + "/keys", "name").empty());
}

TEST_CASE_METHOD(Lists, "a page of large flags ends at a size, and a new environment gets them all") {
    const auto text = std::string(60'000, 'x');
    for (int i = 0; i < 12; ++i) {
        const auto key = "f" + std::to_string(10 + i);
        std::string variations;
        for (int v = 0; v < 3; ++v) {
            variations +=
                (v > 0 ? "," : "") + std::string(R"({"key":"v)") + std::to_string(v) + R"(","value":")" + text + "\"}";
        }
        REQUIRE(
            post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"string","variations":[)" + variations + "]}")
                .status == 201);
    }
    const auto page = get(web + "/flags", owner);
    REQUIRE(page.status == 200);
    CHECK(page.body.size() < 1'500'000);
    CHECK(page.at("/items/5/key") == "f15");
    CHECK(page.at("/items/6").empty());
    CHECK(get(web + "/flags?cursor=" + page.at("/next"), owner).at("/items/0/key") == "f16");
    CHECK(walk(web + "/flags", "key") == "f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 ");
    REQUIRE(post(web + "/environments", owner, R"({"key":"preview"})").status == 201);
    CHECK(get(web + "/flags/f21/environments/preview", owner).status == 200);
    CHECK(get(web + "/environments/preview/ruleset", owner).body.find("flag/f21\t") != std::string::npos);
}
