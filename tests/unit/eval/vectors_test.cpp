// What the vectors of tests/fixtures/eval cover; tests/unit/cli runs them.

#include "common/eval/run/evaluator.hpp"
#include "tests/unit/eval/fixtures.hpp"

using namespace fanion;

TEST_CASE("every operator has vectors") {
    std::string all;
    for (const auto& file : test::fixture_files("eval")) all += test::read_text(file);
    for (const char* op : {"is",
                           "is_not",
                           "one_of",
                           "not_one_of",
                           "contains",
                           "not_contains",
                           "starts_with",
                           "not_starts_with",
                           "ends_with",
                           "not_ends_with",
                           "matches_regex",
                           "not_matches_regex",
                           "gt",
                           "gte",
                           "lt",
                           "lte",
                           "version_eq",
                           "version_gt",
                           "version_gte",
                           "version_lt",
                           "version_lte",
                           "before",
                           "after",
                           "in_cidr",
                           "not_in_cidr",
                           "exists",
                           "not_exists",
                           "in_segment",
                           "not_in_segment"}) {
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
