// The semantic patch of a configuration: what each instruction makes, and everything that it refuses, each with its place.

#include "tests/unit/control-plane/flags/instructed.hpp"

using namespace fanion;
using namespace fanion::test;

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

TEST_CASE("replaced targets are all targets of the variation, wherever they stood") {
    auto flag = colours();
    flag.environments[0].config.targets.push_back({"targetingKey", {"cleo"}, "blue"});
    json::Document document;
    REQUIRE(document.parse(body_of(R"({"kind":"replace_targets","variation":"blue","values":["dan"]})")));
    const auto patched = cp::flags::patch_flag_config(flag.definition, flag.environments[0],
                                                      cp::flags::to_json("c", flag.environments[0]),
                                                      Patch{PatchForm::instructions, document.root()}, new_id);
    REQUIRE(patched);
    REQUIRE(patched->after.config.targets.size() == 1);
    CHECK(patched->after.config.targets[0].values == std::vector<std::string>{"dan"});
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
