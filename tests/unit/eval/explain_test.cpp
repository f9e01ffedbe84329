#include "common/eval/explain/explain.hpp"

#include <catch2/catch.hpp>

#include "common/eval/run/evaluator.hpp"

namespace {

using namespace fanion;

constexpr std::string_view ruleset_text = R"({
  "flags": [
    {"key": "base", "type": "boolean", "enabled": true, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
     "off": "off", "fallthrough": {"variation": "on"}},
    {"key": "f", "type": "boolean", "enabled": true, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
     "off": "off", "prerequisites": [{"flag": "base", "variations": ["on"]}],
     "targets": [{"attribute": "targetingKey", "values": ["bob"], "variation": "on"}],
     "rules": [
       {"id": "r1", "when": {"all": [{"attribute": "country", "op": "one_of", "values": ["DE", "AT"]}, {"attribute": "x", "op": "exists"}]},
        "serve": {"variation": "on"}},
       {"id": "r2", "when": {"any": [{"not": {"op": "in_segment", "values": ["beta"]}}, {"op": "in_segment", "values": ["beta"]}]},
        "serve": {"split": {"ranges": [[0, 10000, "on"]], "otherwise": "next"}}}],
     "fallthrough": {"split": {"ranges": [[0, 100000, "off"]]}}}],
  "segments": [{"key": "beta", "included": [{"attribute": "email", "values": ["x@y"]}],
     "rules": [{"when": {"attribute": "country", "op": "is", "values": ["SE"]}}]}]})";

std::string explain(std::string_view flag, std::string_view context, std::string_view text = ruleset_text) {
    const auto ruleset = eval::compile_plain(text);
    REQUIRE(ruleset.has_value());
    json::Document document;
    REQUIRE(document.parse(context).has_value());
    std::string out;
    const auto explained = eval::explain(**ruleset, flag, document.root(), 0, out);
    std::string whole;
    std::string plain;
    eval::append_json(whole, explained);
    eval::append_json(plain, eval::evaluate(**ruleset, flag, document.root(), 0));
    CHECK(whole == plain);
    json::Document parsed;
    CHECK(parsed.parse(out).has_value());
    return out;
}

}  // namespace

TEST_CASE("every step of an evaluation is explained, in the order of evaluation") {
    CHECK(
        explain("f", R"({"targetingKey":"alice","country":"SE"})") ==
        R"({"flag":"f","value":false,"variation":"off","reason":"SPLIT","version":0,"steps":[)"
        R"({"step":"enabled","holds":true},)"
        R"({"step":"prerequisite","flag":"base","wanted":["on"],"enabled":true,"steps":[)"
        R"({"step":"enabled","holds":true},{"step":"fallthrough","serve":{"variation":"on"}}],"variation":"on","holds":true},)"
        R"({"step":"target","attribute":"targetingKey","variation":"on","value":"alice","holds":false},)"
        R"({"step":"rule","rule":"r1","when":{"all":[)"
        R"({"attribute":"country","op":"one_of","values":["DE","AT"],"value":"SE","holds":false}],"holds":false},"holds":false},)"
        R"({"step":"rule","rule":"r2","when":{"any":[{"not":{"op":"in_segment","values":["beta"],"segments":[)"
        R"({"segment":"beta","steps":[{"step":"included","attribute":"email","holds":false},)"
        R"({"step":"rule","rule":0,"when":{"attribute":"country","op":"is","values":["SE"],"value":"SE","holds":true},"holds":true}],)"
        R"("holds":true}],"holds":true},"holds":false},)"
        R"({"op":"in_segment","values":["beta"],"segments":[{"segment":"beta","holds":true}],"holds":true}],"holds":true},"holds":true,)"
        R"("serve":{"split":{"by":"targetingKey","salt":"f","hash":"murmur3","unit":"alice","slot":45943,"range":null,"variation":null}}},)"
        R"({"step":"fallthrough","serve":{"split":{"by":"targetingKey","salt":"f","hash":"murmur3","unit":"alice","slot":45943,)"
        R"("range":[0,100000],"variation":"off"}}}]})");
}

TEST_CASE("nested lists, empty lists and several segments are explained as they were written") {
    const std::string text = R"({"flags":[{"key":"f","type":"boolean","enabled":true,
        "variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off",
        "rules":[{"id":"r","when":{"all":[{"any":[]},{"attribute":"a","op":"exists"}]},"serve":{"variation":"on"}},
                 {"id":"s","when":{"any":[{"op":"in_segment","values":[]},{"all":[]}]},"serve":{"split":{"by":"unit","ranges":[[0,100000,"on"]]}}},
                 {"id":"t","when":{"not":{"all":[{"not":{"op":"not_in_segment","values":["one","two","three"]}},{"any":[{"all":[
                     {"attribute":"a","op":"exists"}]},{"attribute":"b","op":"exists"}]}]}},"serve":{"variation":"on"}}],
        "fallthrough":{"variation":"off"}}],
        "segments":[{"key":"one","rules":[]},{"key":"two","rules":[{"when":{"attribute":"a","op":"is","values":[1]}}]},
                    {"key":"three","rules":[{"when":{"all":[]}}]}]})";
    const auto told = explain("f", R"({"a":1})", text);
    CHECK(told.find(R"("rule":"r","when":{"all":[{"any":[],"holds":false}],"holds":false},"holds":false})") !=
          std::string::npos);
    CHECK(told.find(R"("rule":"s","when":{"any":[{"op":"in_segment","values":[],"segments":[],"holds":false},)"
                    R"({"all":[],"holds":true}],"holds":true},"holds":true,"serve":)") != std::string::npos);
    CHECK(
        told.find(
            R"("rule":"t","when":{"not":{"all":[{"not":{"op":"not_in_segment","values":["one","two","three"],"segments":[)"
            R"({"segment":"one","holds":false},{"segment":"two","steps":[{"step":"rule","rule":0,"when":)"
            R"({"attribute":"a","op":"is","values":[1],"value":1,"holds":true},"holds":true}],"holds":true}],"holds":false},)"
            R"("holds":true},{"any":[{"all":[{"attribute":"a","op":"exists","value":1,"holds":true}],"holds":true}],)"
            R"("holds":true}],"holds":true},"holds":false},"holds":false},{"step":"fallthrough")") !=
        std::string::npos);
}

TEST_CASE("an explanation says why a value could not be read") {
    struct Row {
        const char* op;
        const char* operand;
        const char* value;
        const char* expected;  // from `value` on
    };
    const Row rows[] = {
        {"version_gte", R"("2.1")", R"("abc")", R"("value":"abc","problem":"not a version","holds":false})"},
        {"version_gte", R"("2.1")", "2.1", R"("value":2.1,"problem":"not a version","holds":false})"},
        {"version_gte", R"("2.1")", R"("2.0")", R"("value":"2.0","holds":false})"},
        {"version_gte", R"("2.1")", R"(["x",null])", R"("value":["x",null],"problem":"not a version","holds":false})"},
        {"version_gte", R"("2.1")", R"(["x","1"])", R"("value":["x","1"],"holds":false})"},
        {"version_gte", R"("2.1")", "[]", R"("value":[],"holds":false})"},
        {"gt", "3", R"("4 apples")", R"("value":"4 apples","problem":"not a number","holds":false})"},
        {"gt", "3", "true", R"("value":true,"problem":"not a number","holds":false})"},
        {"gt", "3", R"("2")", R"("value":"2","holds":false})"},
        {"before", R"("2025-01-01T00:00:00Z")", R"("2024-12-31")",
         R"("value":"2024-12-31","problem":"not a time","holds":false})"},
        {"before", R"("2025-01-01T00:00:00Z")", "1763720000000", R"("value":1763720000000,"holds":false})"},
        {"in_cidr", R"("10.0.0.0/8")", R"("10.0.0")", R"("value":"10.0.0","problem":"not an address","holds":false})"},
        {"not_in_cidr", R"("10.0.0.0/8")", R"("10.0.0")",
         R"("value":"10.0.0","problem":"not an address","holds":true})"},
        {"contains", R"("a")", "7", R"("value":7,"problem":"not a string","holds":false})"},
        {"ends_with", R"("a")", "7", R"("value":7,"problem":"not a string","holds":false})"},
        {"matches_regex", R"("a")", "{}", R"("value":{},"problem":"not a string","holds":false})"},
        {"is", R"("7")", "7", R"("value":7,"holds":false})"},
        {"version_gte", R"("2.1")", "null", R"("values":["2.1"],"holds":false})"},
    };
    for (const auto& row : rows) {
        const auto text =
            R"({"flags":[{"key":"f","type":"boolean","enabled":true,"variations":[{"key":"on","value":true}],
            "rules":[{"id":"r","when":{"attribute":"a","op":")" +
            std::string(row.op) + R"(","values":[)" + row.operand +
            R"(]},"serve":{"variation":"on"}}],"fallthrough":{"variation":"on"}}]})";
        const auto told = explain("f", R"({"a":)" + std::string(row.value) + "}", text);
        CAPTURE(told, row.expected);
        CHECK(told.find(row.expected) != std::string::npos);
    }
}

TEST_CASE("an explanation says that a target takes strings only") {
    const auto told = explain("f", R"({"targetingKey":7})");
    CHECK(told.find(R"("variation":"on","value":7,"problem":"not a string","holds":false})") != std::string::npos);
}

TEST_CASE("an explanation of an error has no steps, or only those before it") {
    CHECK(explain("nope", "{}") == R"({"flag":"nope","error":"FLAG_NOT_FOUND","reason":"ERROR","steps":[]})");
    CHECK(explain("f", "[]") == R"({"flag":"f","error":"INVALID_CONTEXT","reason":"ERROR","steps":[]})");
    const auto missing = explain("f", R"({"country":"SE"})");
    CHECK(missing.find(R"("unit":null)") != std::string::npos);
    CHECK(missing.find("TARGETING_KEY_MISSING") != std::string::npos);
}
