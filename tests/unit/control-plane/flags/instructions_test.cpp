// The semantic patch of flags: what each instruction makes, and everything that it refuses, each with its place.

#include <catch2/catch.hpp>

#include "control-plane/body/instructions.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::body::Patch;
using cp::body::PatchForm;
using cp::flags::FlagDefinition;
using cp::flags::FlagEnvironment;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

std::string new_id() { return "r-new"; }

cp::flags::NewFlag colours() {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"c","type":"string","tags":["a"],"variations":[{"key":"red","value":"r"},
        {"key":"blue","value":"b"},{"key":"green","value":"g"}],"environments":{"production":{"enabled":true,
        "off":"red","prerequisites":[{"flag":"p","variations":["on"]}],
        "targets":[{"attribute":"targetingKey","values":["ann","bob"],"variation":"blue"}],
        "rules":[{"id":"r1","when":{"all":[]},"serve":{"split":{"ranges":[[0,10000,"blue"]],"otherwise":"red"}}},
                 {"id":"r2","when":{"all":[]},"serve":{"variation":"blue"}}],
        "fallthrough":{"variation":"red"}}}})"));
    auto made = cp::flags::create_flag(document.root(), {"production"}, new_id, now);
    REQUIRE(made);
    return *made;
}

// The body of one instruction, or of several with a comma between.
std::string body_of(const std::string& instructions) { return R"({"instructions":[)" + instructions + "]}"; }

Result<FlagEnvironment> instruct(const std::string& body) {
    const auto flag = colours();
    json::Document document;
    REQUIRE(document.parse(body));
    auto patched = cp::flags::patch_flag_config(flag.definition, flag.environments[0],
                                                cp::flags::to_json("c", flag.environments[0]),
                                                Patch{PatchForm::instructions, document.root()}, new_id);
    if (!patched) return patched.error();
    return patched->after;
}

// A member of the configuration that the instructions make, as JSON.
std::string made(const std::string& instructions, std::string_view member) {
    const auto config = instruct(body_of(instructions));
    if (!config) return describe(config.error());
    const auto tree = json::Tree::parse(cp::flags::config_json(config->config));
    return tree->find(member)->to_text();
}

std::string rule_ids(const std::string& instructions) {
    const auto config = instruct(body_of(instructions));
    if (!config) return describe(config.error());
    std::string ids;
    for (const auto& rule : config->config.rules) ids += (ids.empty() ? "" : " ") + rule.id;
    return ids;
}

using Places = std::vector<std::string>;

Places places(const Error& error) {
    Places found;
    for (const auto& finding : error.findings)
        found.push_back((finding.item.empty() ? "" : finding.item + ' ') + finding.pointer + ' ' + finding.code);
    return found;
}

Places refused(const std::string& body) {
    const auto config = instruct(body);
    return config ? Places{"accepted"} : places(config.error());
}

// The same for one instruction, behind another.
Places refused_second(const std::string& instruction) {
    return refused(body_of(R"({"kind":"turn_on"},)" + instruction));
}

cp::flags::NewFlag in_two_environments() {
    auto flag = colours();
    flag.environments.push_back(flag.environments[0]);
    flag.environments[1].environment = "staging";
    flag.environments[1].config = cp::flags::default_config(flag.definition);
    return flag;
}

using PatchedFlag = cp::items::PatchedDefinition<FlagDefinition, FlagEnvironment>;

Result<PatchedFlag> instruct_definition(const std::string& instructions) {
    const auto flag = in_two_environments();
    json::Document document;
    REQUIRE(document.parse(body_of(instructions)));
    return cp::flags::patch_flag(flag.definition, cp::flags::to_json(flag.definition),
                                 Patch{PatchForm::instructions, document.root()}, flag.environments);
}

Places refused_definition(const std::string& instructions) {
    const auto patched = instruct_definition(instructions);
    return patched ? Places{"accepted"} : places(patched.error());
}

std::string definition_member(const std::string& instructions, std::string_view member) {
    const auto patched = instruct_definition(instructions);
    if (!patched) return describe(patched.error());
    return json::Tree::parse(cp::flags::to_json(patched->after))->find(member)->to_text();
}

}  // namespace

TEST_CASE("turn_on and turn_off") {
    CHECK(made(R"({"kind":"turn_off"})", "enabled") == "false");
    CHECK(made(R"({"kind":"turn_off"},{"kind":"turn_on"})", "enabled") == "true");
}

TEST_CASE("a rule is added at the end, at an index, before or after another") {
    const std::string rule = R"({"kind":"add_rule","id":"x","when":"country is 'DE'","serve":{"variation":"green"})";
    CHECK(rule_ids(rule + "}") == "r1 r2 x");
    CHECK(rule_ids(rule + R"(,"at":0})") == "x r1 r2");
    CHECK(rule_ids(rule + R"(,"at":2})") == "r1 r2 x");
    CHECK(rule_ids(rule + R"(,"before":"r2"})") == "r1 x r2");
    CHECK(rule_ids(rule + R"(,"after":"r1"})") == "r1 x r2");
    CHECK(rule_ids(R"({"kind":"add_rule","when":{"all":[]},"serve":{"variation":"green"}})") == "r1 r2 r-new");
}

TEST_CASE("a rule is replaced in parts, removed and moved") {
    CHECK(
        made(R"({"kind":"replace_rule","rule":"r2","serve":{"variation":"green"}},{"kind":"remove_rule","rule":"r1"})",
             "rules") == R"([{"id":"r2","when":{"all":[]},"serve":{"variation":"green"}}])");
    const auto replaced = instruct(body_of(R"({"kind":"replace_rule","rule":"r2","when":"country is 'DE'"})"));
    REQUIRE(replaced);
    CHECK(replaced->config.rules[1].when.attribute == "country");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r1","after":"r2"})") == "r2 r1");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r2","before":"r1"})") == "r2 r1");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r1","at":1})") == "r2 r1");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r1","at":2})") == "r2 r1");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r1","before":"r2"})") == "r1 r2");
    CHECK(rule_ids(R"({"kind":"move_rule","rule":"r1","before":"r1"})") == "r1 r2");
    CHECK(rule_ids(R"({"kind":"reorder_rules","rules":["r2","r1"]})") == "r2 r1");
}

TEST_CASE("an instruction sees what those before it have made") {
    const std::string rule = R"({"kind":"add_rule","id":"x","when":{"all":[]},"serve":{"variation":"green"}},)";
    CHECK(rule_ids(rule + R"({"kind":"move_rule","rule":"x","at":0},{"kind":"remove_rule","rule":"r1"})") == "x r2");
}

TEST_CASE("every refusal about rules has its place") {
    const std::string rule = R"({"kind":"add_rule","when":{"all":[]},"serve":{"variation":"green"})";
    CHECK(refused_second(R"({"kind":"remove_rule","rule":"zzz"})") == Places{"/instructions/1/rule unknown_rule"});
    CHECK(refused_second(R"({"kind":"remove_rule"})") == Places{"/instructions/1/rule missing"});
    CHECK(refused_second(R"({"kind":"remove_rule","rule":""})") == Places{"/instructions/1/rule missing"});
    CHECK(refused_second(R"({"kind":"replace_rule","rule":"r1"})") == Places{"/instructions/1 malformed"});
    CHECK(refused_second(R"({"kind":"replace_rule","rule":"zzz","when":{"all":[]}})") ==
          Places{"/instructions/1/rule unknown_rule"});
    CHECK(refused_second(R"({"kind":"move_rule","rule":"r1"})") == Places{"/instructions/1 malformed"});
    CHECK(refused_second(R"({"kind":"move_rule","rule":"zzz","at":0})") == Places{"/instructions/1/rule unknown_rule"});
    CHECK(refused_second(R"({"kind":"move_rule","rule":"r1","at":0,"before":"r2"})") ==
          Places{"/instructions/1 malformed"});
    CHECK(refused_second(rule + R"(,"before":"zzz"})") == Places{"/instructions/1/before unknown_rule"});
    CHECK(refused_second(rule + R"(,"after":"zzz"})") == Places{"/instructions/1/after unknown_rule"});
    CHECK(refused_second(rule + R"(,"at":3})") == Places{"/instructions/1/at out_of_range"});
    CHECK(refused_second(rule + R"(,"id":"r1"})") == Places{"/instructions/1/id already_there"});
    CHECK(refused_second(rule + R"(,"id":"no id"})") == Places{"/instructions/1/id bad_key"});
    CHECK(refused_second(R"({"kind":"add_rule","serve":{"variation":"red"}})") ==
          Places{"/instructions/1/when missing"});
    CHECK(refused_second(R"({"kind":"add_rule","when":{"all":[]}})") == Places{"/instructions/1/serve missing"});
    CHECK(refused_second(R"({"kind":"reorder_rules","rules":["r1"]})") == Places{"/instructions/1/rules missing"});
    CHECK(refused_second(R"({"kind":"reorder_rules","rules":["r1","r1"]})") ==
          Places{"/instructions/1/rules/1 duplicate"});
    CHECK(refused_second(R"({"kind":"reorder_rules","rules":["r1","zzz"]})") ==
          Places{"/instructions/1/rules/1 unknown_rule"});
    CHECK(refused_second(R"({"kind":"reorder_rules"})") == Places{"/instructions/1/rules missing"});
}

TEST_CASE("what an instruction writes is checked at the place where it writes it, even if the rule moves afterwards") {
    const std::string bad = R"({"kind":"add_rule","when":"country isn't","serve":{"variation":"red"}})";
    CHECK(refused_second(bad) == Places{"/instructions/1/when bad_rule"});
    CHECK(refused(body_of(R"({"kind":"add_rule","id":"x","when":{"op":"was"},"serve":{"variation":"red"}},)"
                          R"({"kind":"move_rule","rule":"x","at":0})"))
              .front()
              .starts_with("/instructions/0/when"));
    CHECK(refused_second(R"({"kind":"replace_rule","rule":"r2","serve":{"colour":"red"}})")
              .front()
              .starts_with("/instructions/1/serve"));
}

TEST_CASE("set_weights keeps what the split has besides, and moves as few as possible") {
    CHECK(made(R"({"kind":"set_weights","rule":"r1","weights":[{"variation":"blue","weight":25}]})", "rules")
              .starts_with(R"([{"id":"r1","when":{"all":[]},"serve":{"split":{"by":"targetingKey","hash":"murmur3",)"
                           R"("ranges":[[0,25000,"blue"]],"otherwise":"red"}}})"));
    CHECK(made(R"({"kind":"set_weights","weights":[{"variation":"red","weight":90},{"variation":"blue","weight":10}]})",
               "fallthrough") ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,90000,"red"],[90000,100000,"blue"]]}})");
    CHECK(
        made(R"({"kind":"set_weights","weights":[{"variation":"blue","weight":10}],"otherwise":"red","by":"company"})",
             "fallthrough")
            .starts_with(R"({"split":{"by":"company",)"));
}

TEST_CASE("every refusal of set_weights has its place") {
    CHECK(refused_second(R"({"kind":"set_weights","rule":"zzz","weights":[]})") ==
          Places{"/instructions/1/rule unknown_rule"});
    CHECK(refused_second(R"({"kind":"set_weights"})") == Places{"/instructions/1/weights missing"});
    CHECK(refused_second(R"({"kind":"set_weights","rule":"r1","weights":[{"variation":"blue","weight":101}]})") ==
          Places{"/instructions/1/weights/0/weight bad_weight"});
    CHECK(refused_second(R"({"kind":"set_weights","weights":[{"variation":"pink","weight":1}]})") ==
          Places{"/instructions/1/weights/0/variation unknown_reference"});
    CHECK(refused_second(R"({"kind":"set_weights","weights":[{"variation":"red","weight":60},
        {"variation":"blue","weight":60}]})") == Places{"/instructions/1/weights bad_weight"});
}

TEST_CASE("set_fallthrough and set_off") {
    CHECK(made(R"({"kind":"set_fallthrough","variation":"green"})", "fallthrough") == R"({"variation":"green"})");
    CHECK(made(R"({"kind":"set_fallthrough","split":{"weights":[{"variation":"green","weight":1}],"otherwise":"red"}})",
               "fallthrough")
              .find(R"("ranges":[[0,1000,"green"]])") != std::string::npos);
    CHECK(made(R"({"kind":"set_off","variation":"blue"})", "off") == R"("blue")");
    CHECK(made(R"({"kind":"set_off","variation":null})", "off") == "null");
    CHECK(refused_second(R"({"kind":"set_fallthrough"})") == Places{"/instructions/1 malformed"});
    CHECK(refused_second(R"({"kind":"set_fallthrough","variation":"red","split":{}})") ==
          Places{"/instructions/1 malformed"});
    CHECK(refused_second(R"({"kind":"set_fallthrough","variation":7})") ==
          Places{"/instructions/1/variation wrong_type"});
    CHECK(refused_second(R"({"kind":"set_off"})") == Places{"/instructions/1/variation missing"});
    CHECK(refused_second(R"({"kind":"set_off","variation":7})") == Places{"/instructions/1/variation wrong_type"});
}

TEST_CASE("targets are sets of values: what is there is not added twice, what is not there needs no removal") {
    const std::string blue = R"({"attribute":"targetingKey","values":["ann","bob")";
    CHECK(made(R"({"kind":"add_targets","variation":"blue","values":["bob","cleo","cleo"]})", "targets") ==
          "[" + blue + R"(,"cleo"],"variation":"blue"}])");
    CHECK(made(R"({"kind":"add_targets","variation":"red","attribute":"company","values":["acme"]})", "targets") ==
          "[" + blue + R"(],"variation":"blue"},{"attribute":"company","values":["acme"],"variation":"red"}])");
    CHECK(made(R"({"kind":"remove_targets","variation":"blue","values":["ann","zoe"]})", "targets") ==
          R"([{"attribute":"targetingKey","values":["bob"],"variation":"blue"}])");
    CHECK(made(R"({"kind":"remove_targets","variation":"blue","values":["ann","bob"]})", "targets") == "[]");
    CHECK(made(R"({"kind":"replace_targets","variation":"blue","values":["zoe"]})", "targets") ==
          R"([{"attribute":"targetingKey","values":["zoe"],"variation":"blue"}])");
    CHECK(made(R"({"kind":"replace_targets","variation":"blue","values":[]})", "targets") == "[]");
    CHECK(made(R"({"kind":"replace_targets","variation":"green","values":[]})", "targets") ==
          "[" + blue + R"(],"variation":"blue"}])");
    CHECK(made(R"({"kind":"remove_targets","variation":"blue","values":["ann"]},
        {"kind":"add_targets","variation":"red","values":["ann"]})",
               "targets") == R"([{"attribute":"targetingKey","values":["bob"],"variation":"blue"},)"
                             R"({"attribute":"targetingKey","values":["ann"],"variation":"red"}])");
}

TEST_CASE("every refusal about targets has its place") {
    CHECK(refused_second(R"({"kind":"add_targets","variation":"red","values":["zoe","ann"]})") ==
          Places{"/instructions/1/values/1 already_there"});
    CHECK(refused_second(R"({"kind":"replace_targets","variation":"red","values":["ann"]})") ==
          Places{"/instructions/1/values/0 already_there"});
    CHECK(refused_second(R"({"kind":"add_targets","values":["zoe"]})") == Places{"/instructions/1/variation missing"});
    CHECK(refused_second(R"({"kind":"add_targets","variation":"red"})") == Places{"/instructions/1/values missing"});
    CHECK(refused_second(R"({"kind":"add_targets","variation":"red","values":[]})") ==
          Places{"/instructions/1/values missing"});
    CHECK(refused_second(R"({"kind":"remove_targets","variation":"red","values":[7]})").front() ==
          "/instructions/1/values/0 wrong_type");
    CHECK(refused_second(R"({"kind":"replace_targets","variation":"red"})") ==
          Places{"/instructions/1/values missing"});
    CHECK(refused_second(R"({"kind":"add_targets","variation":"red","attribute":"","values":["zoe"]})") ==
          Places{"/instructions/1/attribute missing"});
}

TEST_CASE("prerequisites are added, replaced and removed by their flag") {
    CHECK(made(R"({"kind":"add_prerequisite","flag":"q","variations":["on","off"]})", "prerequisites") ==
          R"([{"flag":"p","variations":["on"]},{"flag":"q","variations":["on","off"]}])");
    CHECK(made(R"({"kind":"replace_prerequisite","flag":"p","variations":["off"]})", "prerequisites") ==
          R"([{"flag":"p","variations":["off"]}])");
    CHECK(made(R"({"kind":"remove_prerequisite","flag":"p"})", "prerequisites") == "[]");
    CHECK(refused_second(R"({"kind":"add_prerequisite","flag":"p","variations":["on"]})") ==
          Places{"/instructions/1/flag already_there"});
    CHECK(refused_second(R"({"kind":"add_prerequisite","flag":"q"})") == Places{"/instructions/1/variations missing"});
    CHECK(refused_second(R"({"kind":"replace_prerequisite","flag":"q","variations":["on"]})") ==
          Places{"/instructions/1/flag unknown_prerequisite"});
    CHECK(refused_second(R"({"kind":"remove_prerequisite","flag":"q"})") ==
          Places{"/instructions/1/flag unknown_prerequisite"});
    CHECK(refused_second(R"({"kind":"remove_prerequisite"})") == Places{"/instructions/1/flag missing"});
}

TEST_CASE("a body that is no list of instructions is refused") {
    CHECK(refused("{}") == Places{"/instructions missing"});
    CHECK(refused(R"({"instructions":[]})") == Places{"/instructions limit"});
    CHECK(refused(R"({"instructions":{}})") == Places{"/instructions wrong_type"});
    CHECK(refused(R"({"instructions":[7]})") == Places{"/instructions/0 wrong_type"});
    CHECK(refused(R"({"instructions":[{}]})") == Places{"/instructions/0/kind missing"});
    CHECK(refused(R"({"instructions":[{"kind":""}]})") == Places{"/instructions/0/kind unknown_kind"});
    CHECK(refused(R"({"instructions":[{"kind":"archive"}]})") == Places{"/instructions/0/kind unknown_kind"});
    CHECK(refused(R"({"instructions":[{"kind":"turn_on","speed":1}]})") ==
          Places{"/instructions/0/speed unknown_field"});
    CHECK(refused(R"({"instructions":[{"kind":"turn_on"}],"speed":1})") == Places{"/speed unknown_field"});
    std::string many = R"({"kind":"turn_on"})";
    for (std::size_t i = 0; i < cp::body::max_instructions; ++i) many += R"(,{"kind":"turn_on"})";
    CHECK(refused(body_of(many)) == Places{"/instructions limit"});
}

TEST_CASE("what does not fit the present state is unprocessable; what is no instruction is invalid") {
    CHECK(instruct(body_of(R"({"kind":"remove_rule","rule":"zzz"})")).error().code == Errc::unprocessable);
    CHECK(instruct(body_of(R"({"kind":"remove_rule"})")).error().code == Errc::invalid_input);
}

TEST_CASE("texts, switches and tags of a definition") {
    CHECK(definition_member(R"({"kind":"set_name","name":"Colours"})", "name") == R"("Colours")");
    CHECK(definition_member(R"({"kind":"set_description","description":"d"})", "description") == R"("d")");
    CHECK(definition_member(R"({"kind":"set_owner","owner":"o"})", "owner") == R"("o")");
    CHECK(definition_member(R"({"kind":"set_client","client":true})", "client") == "true");
    CHECK(definition_member(R"({"kind":"set_track","track":true})", "track") == "true");
    CHECK(definition_member(R"({"kind":"add_tags","tags":["b","a"]})", "tags") == R"(["a","b"])");
    CHECK(definition_member(R"({"kind":"remove_tags","tags":["a","z"]})", "tags") == "[]");
    CHECK(definition_member(R"({"kind":"archive"})", "archived") == "true");
    CHECK(definition_member(R"({"kind":"archive"},{"kind":"restore"})", "archived") == "false");
    CHECK(refused_definition(R"({"kind":"set_name"})") == Places{"/instructions/0/name missing"});
    CHECK(refused_definition(R"({"kind":"set_name","name":")" + std::string(201, 'x') + "\"}") ==
          Places{"/instructions/0/name too_long"});
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

TEST_CASE("a JSON Patch makes a configuration; findings about it have the item") {
    const auto flag = colours();
    const auto apply = [&](const std::string& patch) {
        json::Document document;
        REQUIRE(document.parse(patch));
        return cp::flags::patch_flag_config(flag.definition, flag.environments[0],
                                            cp::flags::to_json("c", flag.environments[0]),
                                            Patch{PatchForm::json_patch, document.root()}, new_id);
    };
    const auto patched = apply(R"([{"op":"test","path":"/version","value":1},{"op":"replace","path":"/enabled",
        "value":false},{"op":"add","path":"/rules/-","value":{"when":"country is 'DE'","serve":{"variation":"red"}}}])");
    REQUIRE(patched);
    CHECK_FALSE(patched->after.config.enabled);
    CHECK(patched->after.config.rules[2].id == "r-new");
    const auto faulty = apply(R"([{"op":"replace","path":"/enabled","value":1},{"op":"add","path":"/speed","value":1},
        {"op":"replace","path":"/version","value":9}])");
    REQUIRE_FALSE(faulty);
    CHECK(places(faulty.error()) ==
          Places{"flag/c /enabled wrong_type", "flag/c /version read_only", "flag/c /speed unknown_field"});
    CHECK(apply(R"([{"op":"test","path":"/version","value":2}])").error().code == Errc::conflict);
}
