#include "control-plane/flags/flag_edit.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/control-plane/flags/instructed.hpp"

using namespace fanion;
using cp::flags::FlagDefinition;
using cp::flags::FlagEnvironment;
using test::Places;
using test::places;

namespace {

constexpr UnixMillis edited_at = 1'763'720'000'000;
const std::vector<std::string> environments{"development", "production"};

// r-1, r-2, ..
class Ids {
public:
    std::string operator()() { return "r-" + std::to_string(++count_); }

private:
    int count_ = 0;
};

json::Value parse(json::Document& document, const std::string& text) {
    REQUIRE(document.parse(text));
    return document.root();
}

Result<cp::flags::NewFlag> create(const std::string& text) {
    json::Document document;
    return cp::flags::create_flag(parse(document, text), environments, Ids(), edited_at);
}

FlagDefinition boolean_flag() { return create(R"({"key":"a","type":"boolean"})")->definition; }

Result<FlagDefinition> patch_definition(const FlagDefinition& flag, const std::string& patch) {
    json::Document document;
    return cp::flags::patch_definition(flag, cp::flags::to_json(flag), parse(document, patch));
}

Result<FlagEnvironment> patch_config(const FlagDefinition& flag, const FlagEnvironment& config,
                                     const std::string& patch, const cp::flags::MakeId& make_id) {
    json::Document document;
    return cp::flags::patch_config(flag, config, cp::flags::to_json(flag.key, config), parse(document, patch), make_id);
}

FlagEnvironment in_development(const FlagDefinition& flag) {
    return {"development", cp::flags::default_config(flag), 1, edited_at};
}

}  // namespace

TEST_CASE("a boolean flag without variations has on and off, and is off everywhere") {
    const auto made = create(R"({"key":"new-checkout","type":"boolean"})");
    REQUIRE(made);
    CHECK(made->definition.salt == "new-checkout");
    REQUIRE(made->environments.size() == 2);
    CHECK(cp::flags::item_body(made->definition, made->environments[1]) ==
          R"({"key":"new-checkout","type":"boolean","version":1,"enabled":false,"client":false,)"
          R"("variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off","prerequisites":[],)"
          R"("targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"new-checkout","track":false})");
}

TEST_CASE("other types name their variations; the first is served, and given while the flag is off") {
    const auto made =
        create(R"({"key":"n","type":"number","variations":[{"key":"one","value":1.0},{"key":"two","value":2}]})");
    REQUIRE(made);
    CHECK(
        cp::flags::config_json(made->environments[0].config) ==
        R"({"enabled":false,"off":"one","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"one"}})");
    CHECK(made->definition.variations[0].value == "1.0");
    const auto asked = create(R"({"key":"n","type":"string","variations":[{"key":"a","value":"x"}],
        "environments":{"development":{"off":null}}})");
    REQUIRE(asked);
    CHECK_FALSE(asked->environments[0].config.off);
    CHECK(asked->environments[1].config.off == "a");
    const auto named = create(R"({"key":"n","type":"boolean","variations":[{"key":"yes","value":true}]})");
    REQUIRE(named);
    CHECK_FALSE(named->environments[0].config.off);
    for (const auto* type : {"number", "string", "json"}) {
        const auto refused = create(std::string(R"({"key":"n","type":")") + type + "\"}");
        REQUIRE_FALSE(refused);
        CHECK(places(refused.error()) == Places{"/variations missing"});
    }
}

TEST_CASE("a new flag may be configured at once; what it leaves out is the default") {
    const auto made = create(R"({"key":"a","type":"boolean","environments":{"development":{"enabled":true,
        "rules":[{"when":{"all":[]},"serve":{"variation":"off"}}]}}})");
    REQUIRE(made);
    CHECK(made->environments[0].config.enabled);
    CHECK(made->environments[0].config.rules[0].id == "r-1");
    CHECK(made->environments[0].config.off == "off");
    CHECK_FALSE(made->environments[1].config.enabled);
}

TEST_CASE("a body's faults are all found, each at its place") {
    const auto refused = create(R"({"key":"-a","type":"bool","colour":"red","tags":["x",1],
        "environments":{"development":{"enabled":"yes","speed":1},"nowhere":{}}})");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::invalid_input);
    const auto found = places(refused.error());
    for (const auto* place : {"/key bad_key", "/colour unknown_field", "/environments/development/enabled wrong_type",
                              "/environments/development/speed unknown_field", "/environments/nowhere unknown_field"}) {
        INFO(place);
        CHECK(std::find(found.begin(), found.end(), place) != found.end());
    }
}

TEST_CASE("two variations never share a key") {
    const auto refused =
        create(R"({"key":"s","type":"string","variations":[{"key":"a","value":"x"},{"key":"a","value":"y"}]})");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().findings[0].pointer.starts_with("/variations"));
}

TEST_CASE("no variation has the name that means the next rule") {
    const auto refused =
        create(R"({"key":"f","type":"string","variations":[{"key":"a","value":"x"},{"key":"next","value":"y"}]})");
    REQUIRE_FALSE(refused);
    CHECK(places(refused.error()) == Places{"/variations/1/key bad_key"});
}

TEST_CASE("what GET gave can be sent back by PUT without changing anything") {
    const auto flag = boolean_flag();
    json::Document document;
    const auto same = cp::flags::replace_definition(flag, parse(document, cp::flags::to_json(flag)));
    REQUIRE(same);
    CHECK(*same == flag);
    const auto config = in_development(flag);
    const auto same_config =
        cp::flags::replace_config(flag, config, parse(document, cp::flags::to_json("a", config)), Ids());
    REQUIRE(same_config);
    CHECK(*same_config == config);
}

TEST_CASE("PUT replaces: what is left out falls back to its default") {
    auto flag = boolean_flag();
    flag.name = "A";
    flag.tags = {"x"};
    json::Document document;
    const auto replaced = cp::flags::replace_definition(flag, parse(document, R"({"client":true})"));
    REQUIRE(replaced);
    CHECK(replaced->name.empty());
    CHECK(replaced->tags.empty());
    CHECK(replaced->client);
}

TEST_CASE("a configuration's members fall back to those of a new flag, and a given null is kept") {
    const auto flag = boolean_flag();
    auto config = in_development(flag);
    config.config.enabled = true;
    json::Document document;
    const auto empty = cp::flags::replace_config(flag, config, parse(document, "{}"), Ids());
    REQUIRE(empty);
    CHECK(empty->config == cp::flags::default_config(flag));
    const auto no_off = cp::flags::replace_config(flag, config, parse(document, R"({"off":null})"), Ids());
    REQUIRE(no_off);
    CHECK_FALSE(no_off->config.off);
    CHECK(no_off->config.fallthrough == model::Serve{model::ServeVariation{"on"}});
    const auto refused = cp::flags::replace_config(flag, config, parse(document, R"({"fallthrough":null})"), Ids());
    REQUIRE_FALSE(refused);
    CHECK(places(refused.error()) == Places{"/fallthrough wrong_type"});
}

TEST_CASE("PUT takes what GET gave for another environment or an older state; PATCH changes no derived member") {
    const auto flag = boolean_flag();
    const auto config = in_development(flag);
    const auto derived = R"({"flag":"b","environment":"x","version":1.0,"updated_at":"2020-01-01T00:00:00Z"})";
    json::Document document;
    const auto put = cp::flags::replace_config(flag, config, parse(document, derived), Ids());
    REQUIRE(put);
    CHECK(*put == config);
    auto production = config;
    production.environment = "production";
    production.version = 7;
    const auto copied =
        cp::flags::replace_config(flag, config, parse(document, cp::flags::to_json("a", production)), Ids());
    REQUIRE(copied);
    CHECK(*copied == config);
    const auto refused = patch_config(flag, config, derived, Ids());
    REQUIRE_FALSE(refused);
    CHECK(places(refused.error()) ==
          Places{"/flag read_only", "/environment read_only", "/version read_only", "/updated_at read_only"});
    CHECK(refused.error().findings[2].detail == "this member cannot be changed here; it is 1");
    const auto older = cp::flags::replace_definition(
        flag, parse(document, R"({"key":"a","version":9,"created_at":"x","updated_at":null,"name":"A"})"));
    REQUIRE(older);
    CHECK(older->version == flag.version);
    CHECK(older->name == "A");
}

TEST_CASE("in a patch of the fallthrough, variation and split replace each other") {
    const auto flag = boolean_flag();
    const auto config = in_development(flag);
    const auto split =
        patch_config(flag, config, R"({"fallthrough":{"split":{"ranges":[[0,100,"on"]],"otherwise":"off"}}})", Ids());
    REQUIRE(split);
    REQUIRE(std::holds_alternative<model::Split>(split->config.fallthrough));
    const auto salted = patch_config(flag, *split, R"({"fallthrough":{"split":{"salt":"s"}}})", Ids());
    REQUIRE(salted);
    CHECK(std::get<model::Split>(salted->config.fallthrough).ranges.size() == 1);
    const auto back = patch_config(flag, *salted, R"({"fallthrough":{"variation":"off"}})", Ids());
    REQUIRE(back);
    CHECK(back->config.fallthrough == model::Serve{model::ServeVariation{"off"}});
    const auto both = patch_config(flag, config, R"({"fallthrough":{"variation":"on","split":{"ranges":[]}}})", Ids());
    REQUIRE_FALSE(both);
    CHECK(places(both.error()) == Places{"/fallthrough malformed"});
    const auto neither = patch_config(flag, config, R"({"fallthrough":{"variation":null}})", Ids());
    REQUIRE_FALSE(neither);
}

TEST_CASE("null for off means null in a patch too") {
    const auto flag = boolean_flag();
    const auto none = patch_config(flag, in_development(flag), R"({"off":null})", Ids());
    REQUIRE(none);
    CHECK_FALSE(none->config.off);
    const auto kept = patch_config(flag, *none, R"({"enabled":true})", Ids());
    REQUIRE(kept);
    CHECK_FALSE(kept->config.off);
}

TEST_CASE("the ids of rules are keys and differ; those that are stored may stay") {
    const auto flag = boolean_flag();
    auto config = in_development(flag);
    const auto rules = [](const std::string& a, const std::string& b) {
        const auto rule = [](const std::string& id) {
            return R"({"id":")" + id + R"(","when":{"all":[]},"serve":{"variation":"on"}})";
        };
        return R"({"rules":[)" + rule(a) + ',' + rule(b) + "]}";
    };
    const auto faults = [&](const std::string& a, const std::string& b) {
        const auto refused = patch_config(flag, config, rules(a, b), Ids());
        return refused ? Places{} : places(refused.error());
    };
    CHECK(faults("r-1", "r-2").empty());
    CHECK(faults("r-1", "r-1") == Places{"/rules/1/id duplicate"});
    CHECK(faults("a b", "r-2") == Places{"/rules/0/id bad_key"});
    CHECK(faults(std::string(101, 'r'), "r-2") == Places{"/rules/0/id bad_key"});
    config.config.rules = {{"an old id", {}, model::ServeVariation{"on"}},
                           {"an old id", {}, model::ServeVariation{"on"}}};
    CHECK(patch_config(flag, config, R"({"enabled":true})", Ids()));
    CHECK(faults("an old id", "r-2").empty());
    CHECK(faults("an old id", "a new id") == Places{"/rules/1/id bad_key"});
}

TEST_CASE("one mistake is one finding") {
    const auto flag = boolean_flag();
    const auto faults = [&](const std::string& patch) {
        const auto refused = patch_config(flag, in_development(flag), patch, Ids());
        return refused ? Places{} : places(refused.error());
    };
    CHECK(faults(R"({"rules":[{"when":{"attribute":"a","op":"equals","values":["x"],"ignore_case":true},
        "serve":{"variation":"on"}}]})") == Places{"/rules/0/when/op malformed"});
    CHECK(faults(R"({"rules":{}})") == Places{"/rules wrong_type"});
    CHECK(faults(R"({"targets":{"attribute":"a"}})") == Places{"/targets wrong_type"});
    CHECK(faults(R"({"fallthrough":{"split":{"ranges":{}}}})") == Places{"/fallthrough/split/ranges wrong_type"});
    CHECK(faults(R"({"rules":[{"when":{"attribute":"a","op":"is","values":{}},"serve":{"variation":"on"}}]})") ==
          Places{"/rules/0/when/values wrong_type"});
    CHECK(faults(R"({"rules":[7]})") == Places{"/rules/0 wrong_type"});
    const auto new_flag = [](const std::string& text) {
        const auto refused = create(text);
        return refused ? Places{} : places(refused.error());
    };
    CHECK(new_flag(R"({"key":"a","type":"json","variations":{}})") == Places{"/variations wrong_type"});
    CHECK(new_flag(R"({"key":"a","type":"json","variations":[]})") == Places{"/variations limit"});
    CHECK(new_flag(R"({"key":"a","type":"bool"})") == Places{"/type malformed"});
    CHECK(new_flag(R"({"key":"a"})") == Places{"/type missing"});
    CHECK(new_flag(R"({"key":"a","type":"json","variations":[{"key":"x","value":1},{"key":"x","value":2}]})") ==
          Places{"/variations/1/key duplicate"});
}

TEST_CASE("PATCH changes what it names and nothing else") {
    auto flag = boolean_flag();
    flag.name = "A";
    const auto patched = patch_definition(flag, R"({"owner":"team-a","name":null,"archived":true})");
    REQUIRE(patched);
    CHECK(patched->owner == "team-a");
    CHECK(patched->name.empty());
    CHECK(patched->archived);
    const auto config = in_development(flag);
    const auto enabled = patch_config(flag, config, R"({"enabled":true})", Ids());
    REQUIRE(enabled);
    CHECK(enabled->config.enabled);
    CHECK(enabled->config.off == "off");
}

TEST_CASE("key, type and salt are fixed; version and dates are not for writing") {
    const auto flag = boolean_flag();
    const auto refused = patch_definition(flag, R"({"key":"b","type":"string","salt":"z","version":9})");
    REQUIRE_FALSE(refused);
    CHECK(places(refused.error()) ==
          Places{"/key immutable", "/type immutable", "/salt immutable", "/version read_only"});
}

TEST_CASE("a change of the name is not one for evaluators, one of the variations is") {
    const auto flag = boolean_flag();
    auto named = flag;
    named.name = "B";
    CHECK(cp::flags::same_for_evaluators(flag, named));
    CHECK(flag != named);
    auto other = flag;
    other.variations[0].value = "false";
    CHECK_FALSE(cp::flags::same_for_evaluators(flag, other));
    auto archived = flag;
    archived.archived = true;
    CHECK_FALSE(cp::flags::same_for_evaluators(flag, archived));
}

TEST_CASE("a rule without an id keeps the one it had, wherever it moved") {
    const auto flag = boolean_flag();
    auto config = in_development(flag);
    Ids ids;
    const auto two =
        R"({"rules":[{"when":{"all":[]},"serve":{"variation":"on"}},{"when":{"any":[]},"serve":{"variation":"off"}}]})";
    config = *patch_config(flag, config, two, std::ref(ids));
    CHECK(config.config.rules[0].id == "r-1");
    CHECK(config.config.rules[1].id == "r-2");
    const auto again = patch_config(flag, config, two, std::ref(ids));
    CHECK(config == *again);
    const auto moved =
        R"({"rules":[{"when":{"any":[]},"serve":{"variation":"off"}},{"when":{"any":[]},"serve":{"variation":"off"}}]})";
    const auto after = patch_config(flag, config, moved, std::ref(ids));
    CHECK(after->config.rules[0].id == "r-2");
    CHECK(after->config.rules[1].id == "r-3");
}
