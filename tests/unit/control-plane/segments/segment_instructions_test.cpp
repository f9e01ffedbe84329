// The semantic patch of segments.

#include <catch2/catch.hpp>

#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_patch.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::body::Patch;
using cp::body::PatchForm;
using cp::segments::SegmentEnvironment;

namespace {

cp::segments::NewSegment beta() {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"b","name":"Beta","environments":{"production":{
        "included":[{"attribute":"targetingKey","values":["ann","bob"]}],
        "rules":[{"when":{"all":[]}},{"when":{"any":[]}}]}}})"));
    auto made = cp::segments::create_segment(document.root(), {"production"}, 1);
    REQUIRE(made);
    return *made;
}

Result<SegmentEnvironment> patch_environment(const std::string& body, PatchForm form) {
    const auto segment = beta();
    json::Document document;
    REQUIRE(document.parse(body));
    const auto& present = segment.environments[0];
    auto patched = cp::segments::patch_segment_members(segment.definition, present, cp::segments::to_json("b", present),
                                                       Patch{form, document.root()});
    if (!patched) return patched.error();
    return patched->after;
}

Result<SegmentEnvironment> instruct(const std::string& instruction) {
    return patch_environment(R"({"instructions":[)" + instruction + "]}", PatchForm::instructions);
}

std::string made(const std::string& instruction, std::string_view member) {
    const auto config = instruct(instruction);
    if (!config) return describe(config.error());
    return json::Tree::parse(cp::segments::segment_config_json(config->members))->find(member)->to_text();
}

std::string refused(const std::string& instruction) {
    const auto config = instruct(instruction);
    if (config) return "accepted";
    const auto error = config.error();
    return error.findings[0].pointer + ' ' + error.findings[0].code;
}

}  // namespace

TEST_CASE("values of a segment are added, removed and replaced") {
    const std::string ann_bob = R"({"attribute":"targetingKey","values":["ann","bob")";
    CHECK(made(R"({"kind":"add_included","values":["bob","cleo"]})", "included") == "[" + ann_bob + R"(,"cleo"]}])");
    CHECK(made(R"({"kind":"add_included","attribute":"company","values":["acme"]})", "included") ==
          "[" + ann_bob + R"(]},{"attribute":"company","values":["acme"]}])");
    CHECK(made(R"({"kind":"remove_included","values":["ann"]})", "included") ==
          R"([{"attribute":"targetingKey","values":["bob"]}])");
    CHECK(made(R"({"kind":"replace_included","values":["zoe"]})", "included") ==
          R"([{"attribute":"targetingKey","values":["zoe"]}])");
    CHECK(made(R"({"kind":"add_excluded","values":["eve"]})", "excluded") ==
          R"([{"attribute":"targetingKey","values":["eve"]}])");
    CHECK(made(R"({"kind":"add_excluded","values":["eve"]},{"kind":"remove_excluded","values":["eve"]})", "excluded") ==
          "[]");
    CHECK(made(R"({"kind":"replace_excluded","values":["eve"]})", "excluded") ==
          R"([{"attribute":"targetingKey","values":["eve"]}])");
    CHECK(refused(R"({"kind":"add_included","values":"ann"})") == "/instructions/0/values wrong_type");
    CHECK(refused(R"({"kind":"add_included","values":["ann"],"variation":"on"})") ==
          "/instructions/0/variation unknown_field");
    CHECK(refused(R"({"kind":"remove_excluded"})") == "/instructions/0/values missing");
}

TEST_CASE("rules of a segment are named by their index") {
    CHECK(made(R"({"kind":"remove_rule","at":0})", "rules") == R"([{"when":{"any":[]}}])");
    CHECK(made(R"({"kind":"replace_rule","at":1,"when":{"all":[]}},{"kind":"remove_rule","at":0})", "rules") ==
          R"([{"when":{"all":[]}}])");
    const auto added = instruct(R"({"kind":"add_rule","at":0,"when":"country is 'DE'"})");
    REQUIRE(added);
    CHECK(added->members.rules[0].when.attribute == "country");
    CHECK(instruct(R"({"kind":"add_rule","when":"country is 'DE'"})")->members.rules[2].when.attribute == "country");
    CHECK(refused(R"({"kind":"add_rule","when":"country isn't"})") == "/instructions/0/when bad_rule");
    CHECK(refused(R"({"kind":"add_rule"})") == "/instructions/0/when missing");
    CHECK(refused(R"({"kind":"add_rule","when":{"all":[]},"at":3})") == "/instructions/0/at out_of_range");
    CHECK(refused(R"({"kind":"remove_rule","at":2})") == "/instructions/0/at out_of_range");
    CHECK(refused(R"({"kind":"remove_rule"})") == "/instructions/0/at missing");
    CHECK(refused(R"({"kind":"replace_rule","at":0})") == "/instructions/0/when missing");
    CHECK(refused(R"({"kind":"remove_rule","at":0},{"kind":"remove_rule","at":0},{"kind":"remove_rule","at":0})") ==
          "/instructions/2/at unknown_rule");
}

TEST_CASE("an edit of ten values of a long list keeps the others in their order") {
    const auto segment = beta();
    auto present = segment.environments[0];
    auto& values = present.members.included[0].values;
    for (int i = 0; i < 100'000 - 2; ++i) values.push_back("user-" + std::to_string(i));
    json::Document document;
    REQUIRE(document.parse(R"({"instructions":[{"kind":"remove_included","values":["user-1","user-99000"]},
        {"kind":"add_included","values":["user-1"]}]})"));
    const auto patched =
        cp::segments::patch_segment_members(segment.definition, present, cp::segments::to_json("b", present),
                                            Patch{PatchForm::instructions, document.root()});
    REQUIRE(patched);
    auto expected = values;
    std::erase(expected, "user-1");
    std::erase(expected, "user-99000");
    expected.push_back("user-1");
    CHECK((patched->after.members.included[0].values == expected));
}

TEST_CASE("a segment's name and description, and JSON Patch of both resources") {
    const auto segment = beta();
    const auto apply = [&](const std::string& body, PatchForm form) {
        json::Document document;
        REQUIRE(document.parse(body));
        return cp::segments::patch_segment_definition(segment.definition, cp::segments::to_json(segment.definition),
                                                      Patch{form, document.root()}, {});
    };
    const auto instructed = apply(R"({"instructions":[{"kind":"set_name","name":"N"},
        {"kind":"set_description","description":"D"}]})",
                                  PatchForm::instructions);
    REQUIRE(instructed);
    CHECK(instructed->after.name == "N");
    CHECK(instructed->after.description == "D");
    CHECK_FALSE(apply(R"({"instructions":[{"kind":"turn_on"}]})", PatchForm::instructions));
    const auto patched = apply(R"([{"op":"replace","path":"/name","value":"M"}])", PatchForm::json_patch);
    REQUIRE(patched);
    CHECK(patched->after.name == "M");
    CHECK_FALSE(apply(R"([{"op":"replace","path":"/key","value":"m"}])", PatchForm::json_patch));
    CHECK(patch_environment(R"([{"op":"remove","path":"/rules/0"}])", PatchForm::json_patch)->members.rules.size() ==
          1);
}
