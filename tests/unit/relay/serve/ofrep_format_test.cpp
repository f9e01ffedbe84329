#include "relay/serve/ofrep_format.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace fanion;
using relay::serve::append_ofrep_success;

TEST_CASE("an answer is whole whatever the length of its parts") {
    for (std::size_t length = 1; length < 1'200; ++length) {
        const std::string text(length, 'x');
        eval::Evaluation evaluation;
        evaluation.flag = "f";
        evaluation.variation_index = 0;
        evaluation.variation = "on";
        evaluation.value = text;
        evaluation.rule = text;
        evaluation.prerequisite = text;
        evaluation.reason = eval::Reason::split;
        evaluation.version = 18'446'744'073'709'551'615u;
        std::string out = "before";
        append_ofrep_success(out, evaluation, 7, true);
        REQUIRE(out == "before{\"key\":\"f\",\"value\":" + text +
                           ",\"reason\":\"SPLIT\",\"variant\":\"on\",\"metadata\":{\"version\":18446744073709551615,"
                           "\"ruleId\":\"" +
                           text + "\",\"prerequisite\":\"" + text + "\",\"stale\":7,\"track\":true}}");
    }
}

TEST_CASE("an answer without a value leaves it to the caller, and a rule's id is escaped") {
    eval::Evaluation evaluation;
    evaluation.flag = "f";
    evaluation.rule = "a\"b\n";
    evaluation.reason = eval::Reason::disabled;
    std::string out;
    append_ofrep_success(out, evaluation, std::nullopt);
    CHECK(out == R"({"key":"f","reason":"DISABLED","variant":"","metadata":{"version":0,"ruleId":"a\"b\n"}})");
}
