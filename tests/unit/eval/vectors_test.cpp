// What the vectors of tests/fixtures/eval cover; tests/unit/cli runs them.

#include "common/eval/run/evaluator.hpp"
#include "common/model/operators.hpp"
#include "tests/unit/eval/fixtures.hpp"

using namespace fanion;

TEST_CASE("every operator has vectors") {
    std::string all;
    for (const auto& file : test::fixture_files("eval")) all += test::read_text(file);
    for (const auto& row : model::operators) {
        const std::string op(row.name);
        INFO(op);
        const auto quoted = "\"" + std::string(op) + "\"";
        CHECK(
            (all.find("\"op\":" + quoted) != std::string::npos || all.find("\"op\": " + quoted) != std::string::npos));
    }
}

TEST_CASE("no context at all is an empty one") {
    const auto ruleset = eval::compile_plain(R"({"flags":[{"key":"f","type":"boolean","enabled":true,
        "variations":[{"key":"on","value":true}],
        "rules":[{"id":"r","when":{"attribute":"a","op":"not_exists"},"serve":{"variation":"on"}}],
        "fallthrough":{"split":{"ranges":[[0,100000,"on"]]}}}]})");
    REQUIRE(ruleset.has_value());
    const auto evaluation = eval::evaluate(**ruleset, "f", json::Value(), 0);
    CHECK(evaluation.reason == eval::Reason::targeting_match);
    CHECK(evaluation.rule == "r");
    CHECK(evaluation.flag_index == 0);
    CHECK(evaluation.variation_index == 0);
}
