// Every member of every instruction, operation, bulk change and clone, replaced by values of every other type, or left out:
// the body is accepted or refused with a place, and nothing worse happens.

#include <catch2/catch.hpp>

#include "control-plane/flags/flag_clone.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/control-plane/bulk/bulk_kinds.hpp"

using namespace fanion;
using cp::body::Patch;
using cp::body::PatchForm;
using json::Tree;

namespace {

std::string hostile_id() { return "r-new"; }

cp::flags::NewFlag hostile_flag() {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"f","type":"boolean","environments":{"production":{
        "targets":[{"attribute":"targetingKey","values":["ann"],"variation":"on"}],
        "rules":[{"id":"r1","when":{"all":[]},"serve":{"variation":"on"}},{"id":"r2","when":{"all":[]},
        "serve":{"split":{"ranges":[[0,10,"on"]],"otherwise":"next"}}}],
        "prerequisites":[{"flag":"p","variations":["on"]}]}}})"));
    const auto made = cp::flags::create_flag(document.root(), {"production"}, hostile_id, 1);
    REQUIRE(made);
    return *made;
}

const char* const config_instructions = R"([
    {"kind":"turn_on"},
    {"kind":"add_rule","id":"x","when":"a is 1","serve":{"variation":"on"},"before":"r1"},
    {"kind":"add_rule","when":{"attribute":"a","op":"is","values":[1]},"serve":{"split":{"weights":[{"variation":"on",
        "weight":1}],"otherwise":"next"}},"at":0},
    {"kind":"replace_rule","rule":"r1","when":"a is 1","serve":{"variation":"off"}},
    {"kind":"remove_rule","rule":"r1"},
    {"kind":"move_rule","rule":"r1","after":"r2"},
    {"kind":"reorder_rules","rules":["r2","r1"]},
    {"kind":"set_weights","rule":"r2","weights":[{"variation":"on","weight":1}],"otherwise":"next","by":"a","salt":"s",
        "hash":"murmur3"},
    {"kind":"set_fallthrough","split":{"weights":[{"variation":"on","weight":1}],"otherwise":"off"}},
    {"kind":"set_off","variation":"on"},
    {"kind":"add_targets","variation":"on","attribute":"a","values":["x"]},
    {"kind":"remove_targets","variation":"on","values":["ann"]},
    {"kind":"replace_targets","variation":"on","values":["x"]},
    {"kind":"add_prerequisite","flag":"q","variations":["on"]},
    {"kind":"replace_prerequisite","flag":"p","variations":["off"]},
    {"kind":"remove_prerequisite","flag":"p"}])";

const char* const flag_instructions = R"([
    {"kind":"set_name","name":"n"}, {"kind":"set_client","client":true}, {"kind":"add_tags","tags":["a"]},
    {"kind":"remove_tags","tags":["a"]}, {"kind":"add_variation","variation":"x","value":true,"at":0},
    {"kind":"set_value","variation":"on","value":false}, {"kind":"rename_variation","variation":"on","to":"x"},
    {"kind":"remove_variation","variation":"on"}, {"kind":"archive"}])";

const char* const operations = R"([
    {"op":"add","path":"/rules/0","value":{"when":"a is 1","serve":{"variation":"on"}}},
    {"op":"remove","path":"/rules/0"}, {"op":"replace","path":"/fallthrough","value":{"variation":"off"}},
    {"op":"move","from":"/rules/0","path":"/rules/1"}, {"op":"copy","from":"/rules/0/when","path":"/rules/1/when"},
    {"op":"test","path":"/off","value":"off"}])";

const char* const bulk_changes = R"([{"flags":["f"],"environment":"production","versions":{"f":1},
    "instructions":[{"kind":"turn_on"}]}])";

const char* const clones = R"([{"key":"g","name":"n","salt":"s","environments":["production"]}])";

std::vector<Tree> wrong_values() {
    std::vector<Tree> values;
    for (const auto* text : {"null", "true", "7", "-1", "1e400", R"("")", R"("zzz")", R"("a is")", "[]", "[null]",
                             "[[]]", R"(["zzz"])", "{}", R"({"zzz":null})", R"({"variation":7})", R"({"split":[]})",
                             R"({"split":{"weights":{}}})", R"({"split":{"weights":[7]}})"}) {
        if (auto tree = Tree::parse(text)) values.push_back(std::move(*tree));
    }
    return values;
}

// Calls `apply` with each object of the list, and with each of its members replaced or left out.
template <class Apply>
std::size_t mutate(const char* list, const Apply& apply) {
    const auto valid = Tree::parse(list);
    REQUIRE(valid);
    const auto wrong = wrong_values();
    std::size_t refused = 0;
    const auto check = [&](const Tree& object) {
        INFO(object.to_text());
        const Result<> done = apply(object);
        if (done) return;
        ++refused;
        CHECK_FALSE(done.error().detail.empty());
        CHECK_FALSE(done.error().findings.empty());
    };
    for (const auto& value : wrong) check(value);
    for (const auto& object : valid->elements()) {
        {
            INFO(object.to_text());
            REQUIRE(object.is(json::Kind::object));
        }
        check(object);
        for (const auto& member : object.members()) {
            auto without = object;
            without.remove(member.name);
            check(without);
            for (const auto& value : wrong) {
                auto changed = object;
                changed.set(member.name, value);
                check(changed);
            }
        }
    }
    return refused;
}

json::Document document_of(const Tree& tree) { return json::to_document(tree).value(); }

Tree as_instructions(const Tree& instruction) { return Tree::object().set("instructions", Tree::array({instruction})); }

}  // namespace

TEST_CASE("hostile instructions of a configuration are refused with a place") {
    const auto held = hostile_flag();
    const auto& present = held.environments[0];
    const auto refused = mutate(config_instructions, [&](const Tree& instruction) -> Result<> {
        const auto body = document_of(as_instructions(instruction));
        const auto done = cp::flags::patch_flag_config(held.definition, present, cp::flags::to_json("f", present),
                                                       Patch{PatchForm::instructions, body.root()}, hostile_id);
        if (!done) return done.error();
        return boost::system::in_place_value;
    });
    CHECK(refused > 300);
}

TEST_CASE("hostile instructions of a definition are refused with a place") {
    const auto held = hostile_flag();
    const auto refused = mutate(flag_instructions, [&](const Tree& instruction) -> Result<> {
        const auto body = document_of(as_instructions(instruction));
        const auto done = cp::flags::patch_flag(held.definition, cp::flags::to_json(held.definition),
                                                Patch{PatchForm::instructions, body.root()}, held.environments);
        if (!done) return done.error();
        return boost::system::in_place_value;
    });
    CHECK(refused > 100);
}

TEST_CASE("hostile operations of a JSON Patch are refused with a place") {
    const auto held = hostile_flag();
    const auto& present = held.environments[0];
    const auto refused = mutate(operations, [&](const Tree& operation) -> Result<> {
        const auto body = document_of(Tree::array({operation}));
        const auto done = cp::flags::patch_flag_config(held.definition, present, cp::flags::to_json("f", present),
                                                       Patch{PatchForm::json_patch, body.root()}, hostile_id);
        if (!done) return done.error();
        return boost::system::in_place_value;
    });
    CHECK(refused > 100);
}

TEST_CASE("hostile bulk changes and clones are refused with a place") {
    const auto held = hostile_flag();
    const auto bulk = [&](const Tree& whole) -> Result<> {
        const auto body = document_of(whole);
        const auto request = cp::bulk::read_bulk(body.root());
        if (!request) return request.error();
        test::BulkFlag state{held.definition, held.definition, held.environments, held.environments, {}, {}};
        for (const auto& change : request->changes)
            if (auto ok = cp::bulk::apply_bulk(test::bulk_flags, change, state); !ok) return ok;
        return boost::system::in_place_value;
    };
    CHECK(mutate(bulk_changes,
                 [&](const Tree& change) { return bulk(Tree::object().set("changes", Tree::array({change}))); }) > 50);
    for (const auto& value : wrong_values()) CHECK_FALSE(bulk(Tree::object().set("changes", value)));
    CHECK_FALSE(bulk(Tree::object()));
    const auto cloned = mutate(clones, [&](const Tree& whole) -> Result<> {
        const auto body = document_of(whole);
        const auto made = cp::flags::clone_flag(held.definition, held.environments, body.root(), 1);
        if (!made) return made.error();
        return boost::system::in_place_value;
    });
    CHECK(cloned > 30);
}
