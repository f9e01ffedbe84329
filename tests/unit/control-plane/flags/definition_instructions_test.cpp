// The semantic patch of a definition: what each instruction makes, and everything that it refuses, each with its place.

#include "tests/unit/control-plane/flags/instructed.hpp"

using namespace fanion;
using namespace fanion::test;

TEST_CASE("texts, switches and tags of a definition") {
    CHECK(definition_member(R"({"kind":"set_name","name":"Colours"})", "name") == R"("Colours")");
    CHECK(definition_member(R"({"kind":"set_description","description":"d"})", "description") == R"("d")");
    CHECK(definition_member(R"({"kind":"set_owner","owner":"o"})", "owner") == R"("o")");
    CHECK(definition_member(R"({"kind":"set_lifetime","lifetime":"release"})", "lifetime") == R"("release")");
    CHECK(definition_member(R"({"kind":"set_lifetime","lifetime":null})", "lifetime") == "null");
    CHECK(definition_member(R"({"kind":"set_client","client":true})", "client") == "true");
    CHECK(definition_member(R"({"kind":"set_track","track":true})", "track") == "true");
    CHECK(definition_member(R"({"kind":"add_tags","tags":["b","a"]})", "tags") == R"(["a","b"])");
    CHECK(definition_member(R"({"kind":"remove_tags","tags":["a","z"]})", "tags") == "[]");
    CHECK(definition_member(R"({"kind":"archive"})", "archived") == "true");
    CHECK(definition_member(R"({"kind":"archive"},{"kind":"restore"})", "archived") == "false");
    CHECK(refused_definition(R"({"kind":"set_name"})") == Places{"/instructions/0/name missing"});
    CHECK(refused_definition(R"({"kind":"set_name","name":")" + std::string(201, 'x') + "\"}") ==
          Places{"/instructions/0/name too_long"});
    CHECK(refused_definition(R"({"kind":"set_lifetime"})") == Places{"/instructions/0/lifetime missing"});
    CHECK(refused_definition(R"({"kind":"set_lifetime","lifetime":"forever"})") ==
          Places{"/instructions/0/lifetime bad_value"});
    CHECK(refused_definition(R"({"kind":"set_client","client":"yes"})") == Places{"/instructions/0/client wrong_type"});
    CHECK(refused_definition(R"({"kind":"add_tags"})") == Places{"/instructions/0/tags missing"});
    CHECK(refused_definition(R"({"kind":"turn_on"})") == Places{"/instructions/0/kind unknown_kind"});
}

TEST_CASE("a variation is added, and its value set") {
    CHECK(definition_member(R"({"kind":"add_variation","variation":"pink","value":"p","at":0})", "variations")
              .starts_with(R"([{"key":"pink","value":"p"},{"key":"red")"));
    CHECK(definition_member(R"({"kind":"set_value","variation":"red","value":"R"})", "variations")
              .starts_with(R"([{"key":"red","value":"R"})"));
    CHECK(refused_definition(R"({"kind":"add_variation","variation":"red","value":"p"})") ==
          Places{"/instructions/0/variation already_there"});
    CHECK(refused_definition(R"({"kind":"add_variation","variation":"no key","value":"p"})") ==
          Places{"/instructions/0/variation bad_key"});
    CHECK(refused_definition(R"({"kind":"add_variation","variation":"pink"})") ==
          Places{"/instructions/0/value missing"});
    CHECK(refused_definition(R"({"kind":"add_variation","variation":"pink","value":"p","at":4})") ==
          Places{"/instructions/0/at out_of_range"});
    CHECK(refused_definition(R"({"kind":"set_value","variation":"pink","value":"p"})") ==
          Places{"/instructions/0/variation unknown_variation"});
    CHECK(refused_definition(R"({"kind":"set_value","variation":"red"})") == Places{"/instructions/0/value missing"});
}

TEST_CASE("a renamed variation has its new key in every environment") {
    const auto patched = instruct_definition(R"({"kind":"rename_variation","variation":"blue","to":"azure"})");
    REQUIRE(patched);
    CHECK(patched->after.variations[1].key == "azure");
    const auto& config = patched->configs[0].config;
    CHECK(config.targets[0].variation == "azure");
    CHECK(std::get<model::Split>(config.rules[0].serve).ranges[0].variation == "azure");
    CHECK(std::get<model::ServeVariation>(config.rules[1].serve).variation == "azure");
    CHECK(patched->configs[1] == in_two_environments().environments[1]);
    CHECK(refused_definition(R"({"kind":"rename_variation","variation":"blue","to":"red"})") ==
          Places{"/instructions/0/to already_there"});
    CHECK(refused_definition(R"({"kind":"rename_variation","variation":"pink","to":"x"})") ==
          Places{"/instructions/0/variation unknown_variation"});
    CHECK(refused_definition(R"({"kind":"rename_variation","variation":"blue","to":"no key"})") ==
          Places{"/instructions/0/to bad_key"});
    CHECK(refused_definition(R"({"kind":"rename_variation","variation":"blue"})") ==
          Places{"/instructions/0/to missing"});
}

TEST_CASE("no variation is renamed to what means the next rule, and none is added by that name") {
    CHECK(refused_definition(R"({"kind":"add_variation","variation":"next","value":"n"})") ==
          Places{"/instructions/0/variation bad_key"});
    CHECK(refused_definition(R"({"kind":"rename_variation","variation":"red","to":"next"})") ==
          Places{"/instructions/0/to bad_key"});
}

TEST_CASE("lists that are longer than there can be elements are refused before they are searched") {
    std::string many;
    for (int i = 0; i < 51; ++i) many += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + '"';
    CHECK(refused_definition(R"({"kind":"add_tags","tags":[)" + many + "]}") ==
          Places{"/instructions/0/tags too_many"});
    CHECK(refused_definition(R"({"kind":"remove_tags","tags":[)" + many + "]}") ==
          Places{"/instructions/0/tags too_many"});
    CHECK(refused(body_of(R"({"kind":"reorder_rules","rules":["r1","r2","r3"]})")) ==
          Places{"/instructions/0/rules too_many"});
}

TEST_CASE("a variation is removed unless it is served, which names every place") {
    CHECK(definition_member(R"({"kind":"remove_variation","variation":"green"})", "variations") ==
          R"([{"key":"red","value":"r"},{"key":"blue","value":"b"}])");
    CHECK(refused_definition(R"({"kind":"remove_variation","variation":"pink"})") ==
          Places{"/instructions/0/variation unknown_variation"});
    const auto refused = instruct_definition(R"({"kind":"remove_variation","variation":"blue"})");
    REQUIRE_FALSE(refused);
    std::vector<std::string> details;
    for (const auto& finding : refused.error().findings) details.push_back(finding.detail);
    CHECK(details == std::vector<std::string>{"the targets in environment production serves `blue`",
                                              "rule `r1` in environment production serves `blue`",
                                              "rule `r2` in environment production serves `blue`"});
    CHECK(refused.error().code == Errc::unprocessable);
    CHECK(refused_definition(R"({"kind":"remove_variation","variation":"red"})").size() == 5);
}
