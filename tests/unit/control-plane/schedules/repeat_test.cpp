#include "control-plane/schedules/repeat.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::schedules;

namespace {

std::string next(const std::string& repeat, const std::string& after) {
    return format_rfc3339(next_time(repeat_of(repeat), *parse_rfc3339(after)));
}

std::vector<std::string> repeat_refusal(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    read_repeat(r);
    r.finish(json::UnknownFields::refuse);
    std::vector<std::string> codes;
    for (const auto& finding : findings) codes.push_back(finding.pointer + ' ' + finding.code);
    return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("the next time comes after the last one") {
    const std::string daily = R"({"every":"day","time":"09:30"})";
    CHECK(next(daily, "2026-11-29T09:29:59.999Z") == "2026-11-29T09:30:00.000Z");
    CHECK(next(daily, "2026-11-29T09:30:00Z") == "2026-11-30T09:30:00.000Z");
    CHECK(next(daily, "2026-12-31T23:59:59Z") == "2027-01-01T09:30:00.000Z");
    CHECK(next(R"({"every":"day","time":"00:00"})", "2026-11-29T00:00:00Z") == "2026-11-30T00:00:00.000Z");
    // 2026-11-29 is a Sunday
    CHECK(next(R"({"every":"week","time":"09:00","weekday":"sunday"})", "2026-11-29T08:00:00Z") ==
          "2026-11-29T09:00:00.000Z");
    CHECK(next(R"({"every":"week","time":"09:00","weekday":"sunday"})", "2026-11-29T09:00:00Z") ==
          "2026-12-06T09:00:00.000Z");
    CHECK(next(R"({"every":"week","time":"09:00","weekday":"monday"})", "2026-11-29T09:00:00Z") ==
          "2026-11-30T09:00:00.000Z");
    CHECK(next(R"({"every":"month","time":"23:59","day":28})", "2026-02-28T23:59:00Z") == "2026-03-28T23:59:00.000Z");
    CHECK(next(R"({"every":"month","time":"00:00","day":1})", "2026-12-01T00:00:00Z") == "2027-01-01T00:00:00.000Z");
}

TEST_CASE("a repetition is stored as it is read") {
    for (const std::string text :
         {R"({"every":"day","time":"09:30"})", R"({"every":"week","time":"00:00","weekday":"friday"})",
          R"({"every":"month","time":"23:59","day":28})"}) {
        CHECK(to_text(repeat_of(text)) == text);
        CHECK(repeat_refusal(text) == Codes{});
    }
}

TEST_CASE("what is no repetition is refused") {
    CHECK(repeat_refusal("{}") == Codes{"/every missing", "/time missing"});
    CHECK(repeat_refusal(R"({"every":"hour","time":"09:00"})") == Codes{"/every unknown_period"});
    for (const std::string time : {"24:00", "09:60", "9:00", "09.00", "09:0x", "", "09:00:00"}) {
        CAPTURE(time);
        CHECK(repeat_refusal(R"({"every":"day","time":")" + time + "\"}") == Codes{"/time bad_time"});
    }
    CHECK(repeat_refusal(R"({"every":"week","time":"09:00"})") == Codes{"/weekday missing"});
    CHECK(repeat_refusal(R"({"every":"week","time":"09:00","weekday":"mon"})") == Codes{"/weekday unknown_weekday"});
    CHECK(repeat_refusal(R"({"every":"month","time":"09:00"})") == Codes{"/day missing"});
    CHECK(repeat_refusal(R"({"every":"month","time":"09:00","day":29})") == Codes{"/day out_of_range"});
    CHECK(repeat_refusal(R"({"every":"day","time":"09:00","day":1})") == Codes{"/day unknown_field"});
}
