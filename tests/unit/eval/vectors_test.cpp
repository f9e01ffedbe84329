// The vectors of tests/fixtures/eval: {"name","ruleset"(plain form),"cases":[{"context","flag","now"?,"expect"}]}.

#include "common/eval/evaluator.hpp"
#include "tests/unit/eval/fixtures.hpp"

using namespace fanion;

namespace {

std::string evaluate_case(const eval::Ruleset& ruleset, json::Value one) {
    const auto now = one.find("now");
    json::Document context;  // parsed apart, as a request's is
    REQUIRE(context.parse(one.find("context").to_text()).has_value());
    std::string out;
    eval::append_json(out, eval::evaluate(ruleset, one.find("flag").as_string(), context.root(),
                                          now ? *now.as_i64() : 1'763'720'000'000));
    return out;
}

void run_group(json::Value group) {
    INFO(group.find("name").as_string());
    const auto ruleset = eval::compile_plain(group.find("ruleset").to_text());
    INFO((ruleset ? "" : describe(ruleset.error())));
    REQUIRE(ruleset.has_value());
    for (const auto one : group.find("cases").elements()) {
        INFO(one.to_text());
        CHECK(evaluate_case(**ruleset, one) == one.find("expect").to_text());
    }
}

}  // namespace

TEST_CASE("every vector evaluates to what it expects") {
    for (const auto& file : test::fixture_files("eval")) {
        INFO(file.filename());
        const auto document = test::parse_fixture(file);
        for (const auto group : document.root().elements()) run_group(group);
    }
}

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
