// What people may write in the place of what is stored: weights for ranges, text for condition trees.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::f_in_development;
using test::web;
using Errors = std::vector<std::string>;

namespace {

class Written : public ApiFixture {
public:
    Written() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    // The ranges at `pointer` after a patch of the configuration.
    std::string ranges(const std::string& body, const std::string& pointer) {
        const auto reply = patch(f_in_development, owner, body);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        CHECK(get(f_in_development, owner).at(pointer) == reply.at(pointer));
        return reply.at(pointer + "/ranges");
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Written, "weights are stored as ranges and move as few users as possible") {
    const std::string split = "/fallthrough/split";
    const auto weights = [](const char* on, const char* off) {
        return R"({"fallthrough":{"split":{"weights":[{"variation":"on","weight":)" + std::string(on) +
               R"(},{"variation":"off","weight":)" + off + "}]}}}";
    };
    CHECK(ranges(weights("12.5", "87.5"), split) == R"([[0,12500,"on"],[12500,100000,"off"]])");
    CHECK(ranges(weights("50", "50"), split) == R"([[0,50000,"on"],[50000,100000,"off"]])");
    CHECK(ranges(weights("0.001", "99.999"), split) == R"([[0,1,"on"],[1,100000,"off"]])");
    const auto same = patch(f_in_development, owner, weights("0.001", "99.999"));
    CHECK(same.status == 200);
    CHECK(same.header("Fanion-Ruleset-Version").empty());
}

TEST_CASE_METHOD(Written, "weights of a rule start from the ranges of the rule with its id") {
    const auto rule = [](const char* id, const char* weight) {
        return R"({"rules":[{"id":")" + std::string(id) +
               R"(","when":{"all":[]},"serve":{"split":{"weights":[{"variation":"on","weight":)" + weight +
               R"(}],"otherwise":"next"}}}]})";
    };
    const auto stored =
        R"({"rules":[{"id":"r-1","when":{"all":[]},"serve":{"split":{"ranges":[[40000,50000,"on"]],"otherwise":"next"}}}]})";
    REQUIRE(patch(f_in_development, owner, stored).status == 200);
    CHECK(ranges(rule("r-1", "5"), "/rules/0/serve/split") == R"([[45000,50000,"on"]])");
    CHECK(ranges(rule("r-2", "5"), "/rules/0/serve/split") == R"([[0,5000,"on"]])");
}

TEST_CASE_METHOD(Written, "invalid weights change nothing and are reported with their pointer") {
    const auto before = get(f_in_development, owner);
    const auto errors = [&](const std::string& split) {
        const auto reply = patch(f_in_development, owner, R"({"fallthrough":{"split":)" + split + "}}");
        CHECK(reply.status == 400);
        return reply.errors();
    };
    CHECK(errors(R"({"weights":[{"variation":"on","weight":100}],"ranges":[[0,100000,"on"]]})") ==
          Errors{"/fallthrough/split/weights malformed"});
    CHECK(errors(R"({"weights":[{"variation":"on","weight":60},{"variation":"off","weight":60}]})") ==
          Errors{"/fallthrough/split/weights bad_weight"});
    CHECK(errors(R"({"weights":[{"variation":"blue","weight":60}],"otherwise":"off"})") ==
          Errors{"/fallthrough/split/weights/0/variation unknown_reference"});
    const auto rest =
        patch(f_in_development, owner, R"({"fallthrough":{"split":{"weights":[{"variation":"on","weight":60}]}}})");
    CHECK(rest.status == 422);
    CHECK(rest.errors() == Errors{"/fallthrough/split bad_range"});
    CHECK(get(f_in_development, owner).body == before.body);
}

TEST_CASE_METHOD(Written, "a condition written as text is stored and shown as a tree") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"staff"})").status == 201);
    const auto reply =
        patch(f_in_development, owner,
              R"({"rules":[{"when":"plan is 'pro' and not segment 'staff'","serve":{"variation":"on"}}]})");
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/rules/0/when") == R"({"all":[{"attribute":"plan","op":"is","values":["pro"],"ignore_case":false},)"
                                       R"({"not":{"op":"in_segment","values":["staff"]}}]})");
    const auto segment = patch(web + "/segments/staff/environments/development", owner,
                               R"({"rules":[{"when":"email ends with \"@example.com\""}]})");
    REQUIRE(segment.status == 200);
    CHECK(segment.at("/rules/0/when/op") == "ends_with");
    const auto created = post(
        web + "/flags", owner,
        R"({"key":"g","type":"boolean","environments":{"staging":{"rules":[{"when":"always","serve":{"variation":"on"}}]}}})");
    CHECK(created.status == 201);
    CHECK(get(web + "/flags/g/environments/staging", owner).at("/rules/0/when") == R"({"all":[]})");
}

TEST_CASE_METHOD(Written, "invalid text is reported with its pointer, line and column") {
    const auto error = [&](const std::string& when, unsigned status) {
        const auto reply =
            patch(f_in_development, owner, R"({"rules":[{"when":")" + when + R"(","serve":{"variation":"on"}}]})");
        INFO(reply.body);
        CHECK(reply.status == status);
        REQUIRE(reply.errors().size() == 1);
        CHECK(reply.at("/errors/0/item").empty());
        return reply.errors()[0] + ": " + reply.at("/errors/0/detail");
    };
    CHECK(error("plan is 'pro'\\nor plan", 400)
              .starts_with("/rules/0/when bad_rule: line 2, column 8: expected an operator"));
    CHECK(error("always and (a exists or segment 'none')", 422)
              .starts_with("/rules/0/when unknown_reference: line 1, column 25: "));
    CHECK(error("a matches '('", 422).starts_with("/rules/0/when bad_regex: line 1, column 1: "));
    const auto created = post(web + "/flags", owner, R"({"key":"h","type":"boolean","environments":{"staging":{"rules":[
        {"when":"segment 'none'","serve":{"variation":"on"}}]}}})");
    CHECK(created.errors() == Errors{"/environments/staging/rules/0/when unknown_reference"});
    const auto draft =
        post(web + "/environments/development/evaluate", owner,
             R"({"flag":"f","context":{},"draft":{"rules":[{"when":"segment 'none'","serve":{"variation":"on"}}]}})");
    CHECK(draft.errors() == Errors{"/draft/rules/0/when unknown_reference"});
    const auto tried = post(
        web + "/environments/development/evaluate", owner,
        R"({"flag":"f","context":{},"draft":{"enabled":true,"rules":[{"when":"a not exists","serve":{"variation":"off"}}]}})");
    CHECK(tried.at("/variation") == "off");
}
