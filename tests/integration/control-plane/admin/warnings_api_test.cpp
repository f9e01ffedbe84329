// Static checks with every write: `warnings`, and ?strict=true.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

// "pointer code" of each warning.
std::vector<std::string> warnings(const Reply& reply) {
    std::vector<std::string> out;
    REQUIRE(reply.document);
    const auto list = reply.document->root().find("warnings");
    REQUIRE(list);
    for (const auto one : list.elements()) {
        CHECK_FALSE(one.find("detail").as_string().empty());
        out.push_back(std::string(one.find("pointer").as_string()) + " " + std::string(one.find("code").as_string()));
    }
    return out;
}

using List = std::vector<std::string>;

constexpr auto hidden_rule = R"({"enabled":true,"off":"off","rules":[
    {"id":"r-1","when":{"all":[]},"serve":{"variation":"on"}},
    {"id":"r-2","when":{"attribute":"country","op":"is","values":["DE"]},"serve":{"variation":"off"}}]})";

class Checked : public ApiFixture {
public:
    Checked() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
    }
    std::string owner;
};

class CheckedFlag : public Checked {
public:
    CheckedFlag() {
        const auto made = post(web + "/flags", owner, R"({"key":"f","type":"boolean"})");
        REQUIRE(made.status == 201);
        CHECK(warnings(made).empty());
    }
    const std::string config = web + "/flags/f/environments/development";
};

}  // namespace

TEST_CASE_METHOD(CheckedFlag, "the response to a write contains the findings of the checks, and the write is applied") {
    const auto written = patch(config, owner, hidden_rule);
    REQUIRE(written.status == 200);
    CHECK(warnings(written) == List{"/rules/1 unreachable_rule"});
    CHECK(written.at("/warnings/0/item").empty());
    CHECK_FALSE(written.header("Fanion-Ruleset-Version").empty());
    CHECK(get(config, owner).at("/rules/1/id") == "r-2");
    CHECK(get(config, owner).at("/warnings").empty());
}

TEST_CASE_METHOD(CheckedFlag, "a response can be sent back, and unchanged parts keep their warnings") {
    const auto written = patch(config, owner, hidden_rule);
    const auto again = put(config, owner, written.body);
    INFO(again.body);
    CHECK(again.status == 200);
    CHECK(again.etag() == written.etag());
    CHECK(warnings(again) == List{"/rules/1 unreachable_rule"});
}

TEST_CASE_METHOD(CheckedFlag, "strict refuses a write with warnings, lists each of them, and writes nothing") {
    const auto before = get(config, owner).body;
    const auto refused = patch(config + "?strict=true", owner, hidden_rule);
    CHECK(refused.status == 422);
    CHECK(refused.errors() == List{"/rules/1 unreachable_rule"});
    CHECK(get(config, owner).body == before);
    CHECK(patch(config + "?strict=false", owner, hidden_rule).status == 200);
    CHECK(patch(config + "?strict=true", owner, R"({"rules":[]})").status == 200);
    CHECK(patch(config + "?strict=perhaps", owner, R"({"rules":[]})").errors() == List{"?strict malformed"});
    CHECK(get(config + "?strict=true", owner).status == 400);
}

TEST_CASE_METHOD(Checked, "warnings about a flag created with configurations point into each environment") {
    const std::string body = std::string(R"({"key":"g","type":"boolean","environments":{"development":)") +
                             hidden_rule + R"(,"staging":)" + hidden_rule + "}}";
    const auto refused = post(web + "/flags?strict=true", owner, body);
    CHECK(refused.status == 422);
    CHECK(refused.errors().size() == 2);
    CHECK(get(web + "/flags/g", owner).status == 404);
    const auto made = post(web + "/flags", owner, body);
    REQUIRE(made.status == 201);
    auto found = warnings(made);
    std::sort(found.begin(), found.end());
    CHECK(found ==
          List{"/environments/development/rules/1 unreachable_rule", "/environments/staging/rules/1 unreachable_rule"});
}

TEST_CASE_METHOD(CheckedFlag, "a change of the definition is checked in every environment, which the warning names") {
    REQUIRE(patch(config, owner, R"({"enabled":true})").status == 200);
    const auto changed = patch(web + "/flags/f", owner,
                               R"({"variations":[{"key":"on","value":true},{"key":"off","value":false},
                                                 {"key":"also","value":true}]})",
                               "\"1\"");
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(warnings(changed) == List{"/variations/2 unserved_variation"});
    CHECK(changed.at("/warnings/0/detail").ends_with("(in environment development)"));
    CHECK(warnings(patch(web + "/flags/f", owner, R"({"name":"F"})")) == List{"/variations/2 unserved_variation"});
    CHECK(warnings(patch(web + "/flags/f", owner, R"({"name":"F"})")) == List{"/variations/2 unserved_variation"});
}

TEST_CASE_METHOD(CheckedFlag, "a warning about something outside the body names its item") {
    const auto changed = put(config, owner, R"({"enabled":true,"off":null,"fallthrough":{"variation":"on"}})", "\"1\"");
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(warnings(changed) == List{"/variations/1 unserved_variation"});
    CHECK(changed.at("/warnings/0/item") == "flag/f");
}

TEST_CASE_METHOD(CheckedFlag, "segments are checked, and so is the use of an empty one") {
    const auto made = post(web + "/segments", owner, R"({"key":"s"})");
    REQUIRE(made.status == 201);
    CHECK(warnings(made).empty());
    const auto used = patch(config, owner, R"({"enabled":true,"rules":[{"id":"r-1","serve":{"variation":"off"},
        "when":{"op":"in_segment","values":["s"]}}]})");
    CHECK(warnings(used) == List{"/rules/0/when/values/0 empty_segment"});
    const auto members = web + "/segments/s/environments/development";
    constexpr auto both = R"({"included":[{"attribute":"targetingKey","values":["alice"]}],
                              "excluded":[{"attribute":"targetingKey","values":["alice"]}]})";
    CHECK(put(members + "?strict=true", owner, both).errors() == List{"/excluded/0/values/0 shadowed_exclusion"});
    const auto written = put(members, owner, both);
    CHECK(warnings(written) == List{"/excluded/0/values/0 shadowed_exclusion"});
    CHECK(warnings(put(members, owner, written.body)) == List{"/excluded/0/values/0 shadowed_exclusion"});
    CHECK(warnings(patch(web + "/segments/s", owner, R"({"name":"S"})")).empty());
}
