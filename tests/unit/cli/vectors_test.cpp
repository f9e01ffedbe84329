// The vectors of tests/fixtures/eval, and the runner that reads them.

#include "common/cli/vectors.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/eval/fixtures.hpp"

using namespace fanion;
using cli::run_vectors;

namespace {

constexpr const char* flag =
    R"({"flags":[{"key":"f","type":"number","enabled":true,"variations":[{"key":"v","value":1.0}],"fallthrough":{"variation":"v"}}]})";
constexpr const char* served = R"({"flag":"f","value":1.0,"variation":"v","reason":"STATIC","version":0})";

std::string file_of(const std::string& cases, const std::string& ruleset = flag) {
    return R"({"format":"fanion-vectors/1","groups":[{"name":"g","ruleset":)" + ruleset + R"(,"cases":[)" + cases +
           "]}]}";
}

std::string case_of(const std::string& more) { return R"({"name":"c","flag":"f",)" + more + "}"; }

cli::VectorReport report_of(const std::string& file) {
    const auto report = run_vectors(file);
    REQUIRE(report);
    return *report;
}

}  // namespace

TEST_CASE("every vector evaluates to what it expects") {
    std::size_t cases = 0;
    for (const auto& file : test::fixture_files("eval")) {
        INFO(file.filename());
        const auto report = report_of(test::read_text(file));
        for (const auto& failure : report.failures) {
            INFO(failure.group << ": " << failure.name);
            CHECK(failure.got == failure.expected);
        }
        cases += report.cases;
    }
    CHECK(cases >= 600);
}

TEST_CASE("a case that holds is counted, one that does not is told") {
    const auto good = case_of(R"("context":{},"expect":)" + std::string(served));
    CHECK(report_of(file_of(good)).cases == 1);
    CHECK(report_of(file_of(good)).failures.empty());

    const auto bad = case_of(R"("context":{},"expect":{"flag":"f"})");
    const auto report = report_of(file_of(good + "," + bad));
    CHECK(report.cases == 2);
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].group == "g");
    CHECK(report.failures[0].name == "c");
    CHECK(report.failures[0].expected == R"({"flag":"f"})");
    CHECK(report.failures[0].got == served);
}

TEST_CASE("answers are compared byte for byte") {
    for (const char* other : {R"({"flag":"f","value":1,"variation":"v","reason":"STATIC","version":0})",
                              R"({"value":1.0,"flag":"f","variation":"v","reason":"STATIC","version":0})"}) {
        CHECK(report_of(file_of(case_of(R"("expect":)" + std::string(other)))).failures.size() == 1);
    }
    std::string quoted = "\"";
    for (const char c : std::string(served)) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
    CHECK(report_of(file_of(case_of(R"("expect_text":)" + quoted + "\""))).failures.empty());
    CHECK(report_of(file_of(case_of(R"("expect_text":" )" + quoted.substr(1) + "\""))).failures.size() == 1);
}

TEST_CASE("a context is given as JSON, as text, or not at all") {
    const std::string invalid = R"("expect":{"flag":"f","error":"INVALID_CONTEXT","reason":"ERROR"})";
    const std::string fine = R"("expect":)" + std::string(served);
    CHECK(report_of(file_of(case_of(fine))).failures.empty());
    CHECK(report_of(file_of(case_of(R"("context_text":" {\"a\":1,\"a\":2} ",)" + fine))).failures.empty());
    for (const char* context :
         {R"("context":null)", R"("context":[])", R"("context_text":"[")", R"("context_text":"")"})
        CHECK(report_of(file_of(case_of(std::string(context) + "," + invalid))).failures.empty());
}

TEST_CASE("a ruleset that does not compile fails each of its cases") {
    const auto one = case_of(R"("expect":{})");
    const auto report = report_of(file_of(one + "," + one, R"({"flags":[{}]})"));
    REQUIRE(report.failures.size() == 2);
    CHECK(report.failures[1].got.starts_with("the ruleset does not compile: "));
}

TEST_CASE("what is not in the format is refused with its place") {
    const auto good = case_of(R"("expect":{})");
    const std::pair<std::string, const char*> files[] = {
        {"[", ""},
        {"[]", ""},
        {R"({"format":"fanion-vectors/2","groups":[]})", "/format"},
        {R"({"format":"fanion-vectors/1"})", "/groups"},
        {file_of(""), "/groups/0/cases"},
        {file_of(case_of(R"("context":{})")), "/groups/0/cases/0/expect"},
        {file_of(case_of(R"("expect":{},"expect_text":"{}")")), "/groups/0/cases/0/expect_text"},
        {file_of(case_of(R"("expect":{},"contxt":{})")), "/groups/0/cases/0/contxt"},
        {file_of(case_of(R"("expect":{},"now":"x")")), "/groups/0/cases/0/now"},
        {file_of(good + R"(,{"name":"d","expect":{}})"), "/groups/0/cases/1/flag"},
    };
    for (const auto& [file, pointer] : files) {
        INFO(file);
        const auto report = run_vectors(file);
        REQUIRE_FALSE(report);
        REQUIRE_FALSE(report.error().findings.empty());
        CHECK(report.error().findings[0].pointer == pointer);
    }
}
