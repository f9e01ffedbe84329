// What a change does, in words: a table of changes and their sentences.

#include <catch2/catch.hpp>

#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/flags/flag_sentences.hpp"
#include "control-plane/items/sentences.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using Sentences = std::vector<std::string>;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

const char* const definition = R"("key":"c","type":"string","variations":[{"key":"red","value":"r"},
    {"key":"blue","value":"b"},{"key":"green","value":"g"}])";

cp::flags::NewFlag made(const std::string& config) {
    json::Document document;
    REQUIRE(document.parse("{" + std::string(definition) + R"(,"environments":{"production":)" + config + "}}"));
    auto flag = cp::flags::create_flag(
        document.root(), {"production"}, [] { return std::string("r-new"); }, now);
    REQUIRE(flag);
    return *flag;
}

model::FlagConfig config_of(const std::string& config) { return made(config).environments[0].config; }

Sentences changes(const std::string& before, const std::string& after) {
    return cp::flags::describe_config(config_of(before), config_of(after));
}

std::string rule(const std::string& id, const std::string& when = "country is 'DE'",
                 const std::string& serve = R"({"variation":"blue"})") {
    return R"({"id":")" + id + R"(","when":")" + when + R"(","serve":)" + serve + "}";
}

std::string rules(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& text : list) out += (out.empty() ? "" : ",") + text;
    return R"({"rules":[)" + out + "]}";
}

std::string split(const std::string& weights, const std::string& otherwise, const std::string& more = "") {
    return R"({"split":{"weights":[)" + weights + R"(],"otherwise":")" + otherwise + "\"" + more + "}}";
}

std::string weight(const std::string& variation, const std::string& percent) {
    return R"({"variation":")" + variation + R"(","weight":)" + percent + "}";
}

struct Row {
    std::string before;
    std::string after;
    Sentences sentences;
};

cp::flags::FlagDefinition definition_of(const std::string& more) {
    json::Document document;
    REQUIRE(document.parse("{" + std::string(definition) + more + "}"));
    return cp::flags::create_flag(
               document.root(), {}, [] { return std::string("r"); }, now)
        ->definition;
}

}  // namespace

TEST_CASE("each change of a configuration is one sentence") {
    const auto targets = [](const std::string& values) {
        return R"({"targets":[{"attribute":"targetingKey","values":[)" + values + R"(],"variation":"blue"}]})";
    };
    const auto fallthrough = [](const std::string& serve) { return R"({"fallthrough":)" + serve + "}"; };
    const std::vector<Row> table{
        {"{}", "{}", {}},
        {"{}", R"({"enabled":true})", {"Turns the flag on."}},
        {R"({"enabled":true})", "{}", {"Turns the flag off."}},
        {"{}", R"({"off":"blue"})", {"While the flag is off, it serves `blue` instead of `red`."}},
        {"{}", R"({"off":null})", {"While the flag is off, it serves the caller's own default instead of `red`."}},
        {"{}",
         R"({"prerequisites":[{"flag":"p","variations":["on","x"]}]})",
         {"Requires that flag `p` serves `on` and `x`."}},
        {R"({"prerequisites":[{"flag":"p","variations":["on"]},{"flag":"q","variations":["on"]}]})",
         R"({"prerequisites":[{"flag":"p","variations":["off"]}]})",
         {"Requires that flag `p` serves `off` instead of `on`.", "No longer requires flag `q`."}},
        {R"({"prerequisites":[{"flag":"p","variations":["on"]},{"flag":"q","variations":["on"]}]})",
         R"({"prerequisites":[{"flag":"q","variations":["on"]},{"flag":"p","variations":["on"]}]})",
         {"Changes the order of the prerequisites."}},
        {"{}", targets(R"("ann")"), {"Adds 1 target of `blue`: `ann`."}},
        {targets(R"("ann","bob")"),
         targets(R"("bob","cleo","dora")"),
         {"Adds 2 targets of `blue`: `cleo` and `dora`.", "Removes 1 target of `blue`: `ann`."}},
        {"{}",
         targets(R"("a","b","c","d","e","f","g")"),
         {"Adds 7 targets of `blue`: `a`, `b`, `c`, `d`, `e` and 2 more."}},
        {targets(R"("ann","bob")"), targets(R"("bob","ann")"), {"Changes the order of the targets."}},
        {"{}",
         R"({"targets":[{"attribute":"company","values":["acme"],"variation":"red"}]})",
         {"Adds 1 target of `red` by `company`: `acme`."}},
        {"{}", rules({rule("de")}), {R"(Adds rule 1 (`de`): if country is "DE", it serves `blue`.)"}},
        {"{}",
         rules({rule("de", "country is 'DE'", split(weight("blue", "12.5"), "next"))}),
         {R"(Adds rule 1 (`de`): if country is "DE", it serves `blue` to 12.5 %.)"}},
        {rules({rule("a"), rule("b")}), rules({rule("b")}), {"Removes rule 1 (`a`)."}},
        {rules({rule("a"), rule("b"), rule("c")}),
         rules({rule("c"), rule("a"), rule("b")}),
         {"Moves rule `c` to place 1 from place 3."}},
        {rules({rule("a"), rule("b")}),
         rules({rule("a"), rule("b", "country is 'FR'")}),
         {R"(Rule 2 applies if country is "FR", instead of if country is "DE".)"}},
        {rules({rule("a")}),
         rules({rule("a", "country is 'DE'", R"({"variation":"green"})")}),
         {"Rule 1 serves `green` instead of `blue`."}},
        {rules({rule("a"), rule("b", "country is 'DE'", split(weight("blue", "10"), "red"))}),
         rules({rule("a"), rule("b", "country is 'DE'", split(weight("blue", "25"), "red"))}),
         {"Rule 2 serves `blue` to 25 % instead of 10 %.", "Rule 2 serves `red` to 75 % instead of 90 %."}},
        {rules({rule("a", "country is 'DE'", split(weight("blue", "10"), "next"))}),
         rules({rule("a", "country is 'DE'", split(weight("blue", "0.001"), "next"))}),
         {"Rule 1 leaves to the next rule 99.999 % instead of 90 %.",
          "Rule 1 serves `blue` to 0.001 % instead of 10 %."}},
        {"{}",
         fallthrough(split(weight("blue", "20"), "red")),
         {"The fallthrough serves `blue` to 20 % instead of 0 %.",
          "The fallthrough serves `red` to 80 % instead of 100 %."}},
        {fallthrough(split(weight("blue", "20"), "red")),
         fallthrough(split(weight("blue", "20"), "red", R"(,"by":"company")")),
         {"The fallthrough splits by `company` instead of `targetingKey`."}},
        {fallthrough(split(weight("blue", "20"), "red")),
         fallthrough(split(weight("blue", "20"), "red", R"(,"salt":"s")")),
         {"The fallthrough distributes everybody anew, by another salt or hash."}},
        {fallthrough(R"({"split":{"ranges":[[0,1000,"blue"]],"otherwise":"red"}})"),
         fallthrough(R"({"split":{"ranges":[[5000,6000,"blue"]],"otherwise":"red"}})"),
         {"The fallthrough serves the same shares to others than before."}},
    };
    for (const auto& row : table) {
        INFO(row.after);
        CHECK(changes(row.before, row.after) == row.sentences);
    }
}

TEST_CASE("each change of a definition is one sentence") {
    using cp::flags::describe_definition;
    const auto before = definition_of(R"(,"tags":["a","b"],"name":"N")");
    CHECK(describe_definition(before, before).empty());
    auto after = before;
    after.archived = true;
    after.name = "M";
    after.description = "d";
    after.tags = {"b", "c"};
    after.owner = "o";
    after.lifetime = cp::flags::Lifetime::release;
    after.client = true;
    after.track = true;
    CHECK(describe_definition(before, after) ==
          Sentences{"Archives the flag: no environment serves it any more.", "Changes the name to `M` from `N`.",
                    "Sets the description to `d`.", "Adds the tags `c`.", "Removes the tags `a`.",
                    "Sets the owner to `o`.", "Sets the lifetime to `release`.", "Client keys may evaluate the flag.",
                    "Asks for exposures of its evaluations."});
    CHECK(describe_definition(after, before).front() == "Restores the flag: every environment serves it again.");
    CHECK(describe_definition(after, before)[2] == "Removes the description `d`.");
}

TEST_CASE("a variation that keeps its place and value is renamed; otherwise it is another") {
    const auto before = definition_of("");
    auto after = before;
    after.variations[1] = {"azure", "\"b\""};
    CHECK(cp::flags::describe_definition(before, after) == Sentences{"Renames the variation `blue` to `azure`."});
    after.variations[1] = {"azure", "\"x\""};
    CHECK(cp::flags::describe_definition(before, after) ==
          Sentences{R"(Adds the variation `azure` with the value `"x"`.)", "Removes the variation `blue`."});
    after = before;
    after.variations[0].value = "\"R\"";
    CHECK(cp::flags::describe_definition(before, after) ==
          Sentences{R"(The variation `red` has the value `"R"` instead of `"r"`.)"});
    after = before;
    std::swap(after.variations[0], after.variations[1]);
    CHECK(cp::flags::describe_definition(before, after) == Sentences{"Changes the order of the variations."});
}

TEST_CASE("a new flag is described with what is configured") {
    const auto flag = made(R"({"enabled":true,"off":"blue"})");
    CHECK(cp::flags::describe_creation(flag.definition, flag.environments) ==
          Sentences{"Creates the string flag `c`.", "In production: turns the flag on.",
                    "In production: while the flag is off, it serves `blue` instead of `red`."});
    CHECK(cp::flags::describe_deletion(flag.definition) ==
          Sentences{"Deletes the flag `c` in every environment; its key is never used again."});
}

TEST_CASE("long texts are shortened at the end of a character") {
    const auto text = std::string(99, 'x') + "\u00e4" + std::string(50, 'y');
    CHECK(cp::items::quoted(text) == "`" + std::string(99, 'x') + "..`");
    CHECK(cp::items::quoted(std::string(100, 'x')) == "`" + std::string(100, 'x') + "`");
    CHECK(cp::items::quoted_list({"a"}) == "`a`");
    CHECK(cp::items::quoted_list({"a", "b", "c", "d", "e", "f"}) == "`a`, `b`, `c`, `d`, `e` and `f`");
}

TEST_CASE("as few elements as possible are said to have moved") {
    using cp::items::moved_elements;
    CHECK(moved_elements({"a", "b", "c"}, {"a", "b", "c"}).empty());
    CHECK(moved_elements({"a", "b", "c", "d"}, {"b", "c", "d", "a"}) == Sentences{"a"});
    CHECK(moved_elements({"a", "b", "c", "d"}, {"d", "a", "x", "b", "c"}) == Sentences{"d"});
    CHECK(moved_elements({"a", "b"}, {"b", "a"}).size() == 1);
    CHECK(moved_elements({}, {"a"}).empty());
}
