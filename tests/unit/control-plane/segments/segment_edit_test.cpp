#include "control-plane/segments/segment_edit.hpp"

#include <catch2/catch.hpp>

#include "control-plane/segments/segment_clone.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;
const std::vector<std::string> environments{"development", "production"};

Result<cp::segments::NewSegment> create(const char* text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return cp::segments::create_segment(document.root(), environments, now);
}

Result<cp::segments::SegmentDefinition> patch(const cp::segments::SegmentDefinition& segment, json::Value body) {
    return cp::segments::patch_segment(segment, cp::segments::to_json(segment), body);
}

Result<cp::segments::SegmentEnvironment> patch_config(const cp::segments::NewSegment& made, json::Value body) {
    const auto& present = made.environments[0];
    const auto text = cp::segments::to_json(made.definition.key, present);
    return cp::segments::patch_segment_config(made.definition, present, text, body);
}

}  // namespace

TEST_CASE("a new segment has a body in every environment, empty where none is given") {
    const auto made = create(
        R"({"key":"beta","environments":{"development":{"included":[{"attribute":"targetingKey","values":["a"]}]}}})");
    REQUIRE(made);
    CHECK(cp::segments::segment_config_json(made->environments[0].members) ==
          R"({"included":[{"attribute":"targetingKey","values":["a"]}],"excluded":[],"rules":[]})");
    CHECK(cp::segments::segment_config_json(made->environments[1].members) ==
          R"({"included":[],"excluded":[],"rules":[]})");
    CHECK(cp::segments::item_body(made->definition, made->environments[1]) ==
          R"({"key":"beta","version":1,"included":[],"excluded":[],"rules":[]})");
}

TEST_CASE("a segment's key is fixed, its name is not") {
    const auto made = create(R"({"key":"beta"})");
    json::Document body;
    REQUIRE(body.parse(R"({"key":"beta","name":"Beta testers"})"));
    const auto named = cp::segments::replace_segment(made->definition, body.root());
    REQUIRE(named);
    CHECK(named->name == "Beta testers");
    CHECK(made->definition != *named);
    REQUIRE(body.parse(R"({"key":"other"})"));
    const auto renamed = patch(made->definition, body.root());
    REQUIRE_FALSE(renamed);
    CHECK(renamed.error().findings[0].code == "immutable");
}

TEST_CASE("a segment that client keys may have says so in its item") {
    const auto plain = create(R"({"key":"beta"})");
    REQUIRE(plain);
    CHECK(cp::segments::item_body(plain->definition, plain->environments[0]).find("client") == std::string::npos);
    json::Document body;
    REQUIRE(body.parse(R"({"client":true})"));
    const auto open = patch(plain->definition, body.root());
    REQUIRE(open);
    CHECK_FALSE(cp::segments::same_for_evaluators(plain->definition, *open));
    CHECK(cp::segments::item_body(*open, plain->environments[0]) ==
          R"({"key":"beta","version":1,"client":true,"included":[],"excluded":[],"rules":[]})");
    CHECK(cp::segments::to_json(*open).find(R"("client":true)") != std::string::npos);
    REQUIRE(body.parse(R"({"client":"yes"})"));
    CHECK(patch(plain->definition, body.root()).error().findings[0].pointer == "/client");
}

TEST_CASE("a segment has tags and an owner, and is archived") {
    const auto made = create(R"({"key":"beta","tags":["a","b","a"],"owner":"web-team"})");
    REQUIRE(made);
    CHECK(made->definition.tags == std::vector<std::string>{"a", "b"});
    CHECK(made->definition.owner == "web-team");
    json::Document body;
    REQUIRE(body.parse(R"({"archived":true})"));
    const auto archived = patch(made->definition, body.root());
    REQUIRE(archived);
    CHECK_FALSE(cp::segments::is_in_ruleset(*archived));
    CHECK_FALSE(cp::segments::same_for_evaluators(made->definition, *archived));
    REQUIRE(body.parse(R"({"archived":"yes"})"));
    CHECK(patch(made->definition, body.root()).error().findings[0].pointer == "/archived");
    REQUIRE(body.parse(R"({"key":"gamma","environments":["production"]})"));
    auto configs = made->environments;
    configs[0].members.included = {{"email", {"x"}, {}}};
    configs[1].members.included = {{"email", {"y"}, {}}};
    const auto clone = cp::segments::clone_segment(*archived, configs, body.root(), now);
    REQUIRE(clone);
    CHECK_FALSE(clone->definition.archived);
    CHECK(clone->definition.owner == "web-team");
    CHECK(clone->environments[0].members.included.empty());
    CHECK(clone->environments[1].members == configs[1].members);
}

TEST_CASE("a patch of a segment's members replaces whole lists and refuses what it does not know") {
    const auto made = create(R"({"key":"beta"})");
    json::Document document;
    REQUIRE(document.parse(R"({"excluded":[{"attribute":"email","values":["x"]}]})"));
    const auto body = patch_config(*made, document.root());
    REQUIRE(body);
    CHECK(body->members.excluded.size() == 1);
    REQUIRE(document.parse(R"({"include":[]})"));
    const auto refused = patch_config(*made, document.root());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().findings[0].pointer == "/include");
}

TEST_CASE("the texts of a configuration are what each writer writes") {
    auto made = create(R"({"key":"beta"})").value();
    auto& config = made.environments[0];
    config.members.included = {{"email", {"a\"b", "c"}, {}}};
    config.version = 7;
    const auto texts = cp::segments::config_texts(made.definition, config);
    CHECK(texts.members == cp::segments::segment_config_json(config.members));
    CHECK(texts.resource == cp::segments::to_json("beta", config));
    CHECK(texts.item == R"({"key":"beta","version":7,"included":[{"attribute":"email","values":["a\"b","c"]}],)"
                        R"("excluded":[],"rules":[]})");
}
