#include "control-plane/segments/segment_edit.hpp"

#include <catch2/catch.hpp>

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

}  // namespace

TEST_CASE("a new segment has a body in every environment, empty where none is given") {
    const auto made = create(
        R"({"key":"beta","environments":{"development":{"included":[{"attribute":"targetingKey","values":["a"]}]}}})");
    REQUIRE(made);
    CHECK(made->configured == std::vector<std::string>{"development"});
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
    CHECK_FALSE(cp::segments::same_segment(made->definition, *named));
    REQUIRE(body.parse(R"({"key":"other"})"));
    const auto renamed = cp::segments::patch_segment(made->definition, body.root());
    REQUIRE_FALSE(renamed);
    CHECK(renamed.error().findings[0].code == "immutable");
}

TEST_CASE("a patch of a segment's members replaces whole lists and refuses what it does not know") {
    const auto made = create(R"({"key":"beta"})");
    json::Document patch;
    REQUIRE(patch.parse(R"({"excluded":[{"attribute":"email","values":["x"]}]})"));
    const auto body = cp::segments::patch_segment_config(made->definition, made->environments[0], patch.root());
    REQUIRE(body);
    CHECK(body->excluded.size() == 1);
    REQUIRE(patch.parse(R"({"include":[]})"));
    const auto refused = cp::segments::patch_segment_config(made->definition, made->environments[0], patch.root());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().findings[0].pointer == "/include");
}
