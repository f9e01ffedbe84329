#include "control-plane/segments/segment_sentences.hpp"

#include <catch2/catch.hpp>

#include "control-plane/items/uses.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using Sentences = std::vector<std::string>;

namespace {

cp::segments::NewSegment segment_with(const std::string& config) {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"b","environments":{"production":)" + config + "}}"));
    auto segment = cp::segments::create_segment(document.root(), {"production"}, 1);
    REQUIRE(segment);
    return *segment;
}

model::Segment members(const std::string& config) { return segment_with(config).environments[0].members; }

std::string included(const std::string& values) {
    return R"({"included":[{"attribute":"targetingKey","values":[)" + values + "]}]}";
}

}  // namespace

TEST_CASE("each change of a segment's members is one sentence") {
    const auto changes = [](const std::string& before, const std::string& after) {
        return cp::segments::describe_members(members(before), members(after));
    };
    const std::string de = R"({"when":"country is 'DE'"})";
    const std::string fr = R"({"when":"country is 'FR'"})";
    CHECK(changes("{}", "{}").empty());
    CHECK(changes("{}", included(R"("ann","bob")")) == Sentences{"Includes 2 values: `ann` and `bob`."});
    CHECK(changes(included(R"("ann","bob")"), included(R"("bob")")) == Sentences{"No longer includes 1 value: `ann`."});
    CHECK(changes(included(R"("ann","bob")"), included(R"("bob","ann")")) ==
          Sentences{"Changes the order of listed values."});
    CHECK(changes("{}", R"({"excluded":[{"attribute":"company","values":["acme"]}]})") ==
          Sentences{"Excludes 1 value by `company`: `acme`."});
    CHECK(changes("{}", R"({"rules":[)" + de + "]}") == Sentences{R"(Adds rule 1: country is "DE".)"});
    CHECK(changes(R"({"rules":[)" + de + "," + fr + "]}", R"({"rules":[)" + fr + "]}") ==
          Sentences{R"(Removes rule 1: country is "DE".)"});
    CHECK(changes(R"({"rules":[)" + de + "," + fr + "]}", R"({"rules":[)" + fr + "," + de + "]}") ==
          Sentences{"Changes the order or number of the rules."});
}

TEST_CASE("a segment's definition, creation and deletion") {
    const auto segment = segment_with(included(R"("ann")"));
    auto named = segment.definition;
    named.name = "Beta";
    CHECK(cp::segments::describe_definition(segment.definition, named) == Sentences{"Sets the name to `Beta`."});
    auto open = segment.definition;
    open.client = true;
    CHECK(cp::segments::describe_definition(segment.definition, open) ==
          Sentences{"Client keys with rules may have the segment."});
    CHECK(cp::segments::describe_definition(open, segment.definition) ==
          Sentences{"Client keys with rules may no longer have the segment."});
    auto archived = segment.definition;
    archived.archived = true;
    archived.tags = {"eu"};
    archived.owner = "me";
    CHECK(cp::segments::describe_definition(segment.definition, archived) ==
          Sentences{"Archives the segment: no environment has it any more.", "Adds the tags `eu`.",
                    "Sets the owner to `me`."});
    CHECK(cp::segments::describe_creation(segment.definition, segment.environments) ==
          Sentences{"Creates the segment `b`.", "In production: includes 1 value: `ann`."});
    CHECK(cp::segments::describe_deletion(segment.definition) ==
          Sentences{"Deletes the segment `b` in every environment; its key is never used again."});
}

TEST_CASE("a segment is used where a condition names it, however deep") {
    using cp::items::PlaceOfUse;
    const auto users =
        members(R"-({"rules":[{"when":"country is 'DE'"},{"when":"not (a is 1 or not segment 's')"}]})-");
    CHECK(cp::items::rules_with(users, "s") == std::vector<PlaceOfUse>{{"/rules/1/when", "rule 2"}});
    CHECK(cp::items::rules_with(users, "DE").empty());
}

TEST_CASE("a flag is used where it is a prerequisite; a variation, where it is one of those required") {
    using cp::items::PlaceOfUse;
    model::FlagConfig config;
    config.prerequisites = {{"p", {"on"}}, {"q", {"on", "off"}}};
    const std::vector<PlaceOfUse> second{{"/prerequisites/1", "the prerequisites"}};
    CHECK(cp::items::prerequisites_with(config, "q") == second);
    CHECK(cp::items::prerequisites_with(config, "q", "off") == second);
    CHECK(cp::items::prerequisites_with(config, "p", "off").empty());
    CHECK(cp::items::prerequisites_with(config, "r").empty());
}
