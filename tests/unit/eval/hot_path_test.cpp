// Evaluation allocates nothing.

#include <catch2/catch.hpp>

#include "common/eval/run/evaluator.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/counted_heap.hpp"

using namespace fanion;

namespace {

constexpr const char* ruleset_text =
    R"({"segments":[{"key":"beta","included":[{"attribute":"targetingKey","values":["a","b"]}],
  "rules":[{"when":{"attribute":"email","op":"ends_with","values":["@EXAMPLE.com"],"ignore_case":true}}]}],
 "flags":[{"key":"p","type":"boolean","enabled":true,"variations":[{"key":"on","value":true}],"fallthrough":{"variation":"on"}},
  {"key":"f","type":"boolean","enabled":true,"variations":[{"key":"on","value":true},{"key":"off","value":false}],
  "prerequisites":[{"flag":"p","variations":["on"]}],
  "rules":[{"id":"r1","when":{"all":[{"attribute":"plan","op":"contains","values":["GOLD"],"ignore_case":true},
             {"attribute":"age","op":"gt","values":[200]}]},"serve":{"variation":"on"}},
           {"id":"r2","when":{"any":[{"attribute":"version","op":"version_lt","values":["1.0"]},
             {"attribute":"ip","op":"in_cidr","values":["10.0.0.0/8"]},{"attribute":"at","op":"before","values":["2020-01-01T00:00:00Z"]},
             {"attribute":"email","op":"matches_regex","values":["^x+@"]},{"attribute":"/a/b","op":"one_of","values":[1,"2",true]}]},
             "serve":{"variation":"on"}},
           {"id":"r3","when":{"op":"in_segment","values":["beta"]},
             "serve":{"split":{"ranges":[[0,100000,"on"]],"otherwise":"next"}}}],
  "fallthrough":{"variation":"off"}}]})";

constexpr const char* context_text =
    R"({"targetingKey":12345,"email":"someone@example.com","plan":"silver gold-ish-not","age":33,
  "version":"2.1.0","ip":"192.0.2.1","at":"2025-11-21T10:00:00Z","a":{"b":["3",4.5,false]},"tags":["x","y"]})";

}  // namespace

TEST_CASE("an evaluation allocates nothing") {
    const auto ruleset = eval::compile_plain(ruleset_text);
    REQUIRE(ruleset);
    json::Document context;
    REQUIRE(context.parse(context_text));
    const auto warm = eval::evaluate(**ruleset, "f", context.root(), 0);  // RE2 meets its states
    REQUIRE(warm.rule == "r3");
    const auto before = test::heap_uses();
    const auto evaluation = eval::evaluate(**ruleset, "f", context.root(), 0);
    const auto after = test::heap_uses();
    CHECK(evaluation.reason == eval::Reason::split);
    CHECK(after - before == 0);
}

TEST_CASE("a warm document parses a context without allocating") {
    json::Document context;
    REQUIRE(context.parse(context_text));
    const auto before = test::heap_uses();
    const bool parsed = context.parse(context_text).has_value();
    const auto after = test::heap_uses();
    CHECK(parsed);
    CHECK(after - before == 0);
}
