#include <catch2/catch.hpp>
#include <cmath>

#include "common/json/document.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using json::Document;
using json::Kind;

namespace {

std::string round_trip(std::string_view text) {
    Document document;
    const auto parsed = document.parse(text);
    return parsed ? document.root().to_text() : parsed.error().findings.at(0).code;
}

}  // namespace

TEST_CASE("what is read is written back compact, in order and as spelled") {
    const std::pair<const char*, const char*> cases[] = {
        {"null", "null"},
        {" true ", "true"},
        {"false", "false"},
        {"1.0", "1.0"},
        {"1E+2", "1E+2"},
        {"-0", "-0"},
        {"18446744073709551615", "18446744073709551615"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"\"\"", "\"\""},
        {R"("a\u0041\/\n\"\\\u0000")", R"("aA/\n\"\\\u0000")"},
        {R"("\u0008\u000c\b\f\u000B\u001F\u007f")", "\"\\b\\f\\b\\f\\u000b\\u001f\x7F\""},
        {R"("\u00e4\ud83d\ude00")", "\"\xC3\xA4\xF0\x9F\x98\x80\""},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[ 1 , [ ] , { } , [2,[3]] ]", "[1,[],{},[2,[3]]]"},
        {"{ \"b\" : 1 , \"a\" : { \"x\" : [ ] } , \"b\" : 2 }", R"({"b":1,"a":{"x":[]},"b":2})"},
    };
    for (const auto& [text, expected] : cases) CHECK(round_trip(text) == expected);
}

TEST_CASE("what is no JSON is refused") {
    for (const char* text : {"",           " ",
                             "nul",        "tru",
                             "True",       "[",
                             "]",          "[1",
                             "[1,]",       "[,1]",
                             "[1 2]",      "{",
                             "{\"a\"}",    "{\"a\":}",
                             "{\"a\":1,}", "{a:1}",
                             "{1:1}",      "'a'",
                             "\"a",        "\"\\x\"",
                             "\"\\u12\"",  "\"\\u12g4\"",
                             "\"\t\"",     "01",
                             "+1",         "1.",
                             ".5",         "1e",
                             "-",          "NaN",
                             "Infinity",   "1 2",
                             "[] []",      "// x\n1",
                             "/*x*/1",     "\"a\"b",
                             "1e400",      "\xEF\xBB\xBF{}"}) {
        INFO(text);
        CHECK(round_trip(text) == "syntax");
    }
    using namespace std::string_view_literals;
    for (const auto text : {"{}\0"sv, "{}\0x"sv, "\0"sv, "[1,\0]"sv, "\"a\0b\""sv}) CHECK(round_trip(text) == "syntax");
}

TEST_CASE("cut at every byte, a container is never accepted") {
    const std::string text = R"({"a":[1,-2.5e3,"\u00e4\ud83d\ude00 \\",{"n":null}],"t":true,"f":false})";
    Document document;
    REQUIRE(document.parse(text));
    for (std::size_t length = 0; length < text.size(); ++length) {
        CHECK_FALSE(document.parse(text.substr(0, length)));
        CHECK_FALSE(document.root());
    }
}

TEST_CASE("a document is reused and moved") {
    Document first;
    REQUIRE(first.parse(R"({"k":"short"})"));
    Document second = std::move(first);
    CHECK(second.root().find("k").as_string() == "short");
    REQUIRE(second.parse("[1,2,3]"));
    CHECK(second.root().size() == 3);
    CHECK_FALSE(second.parse("["));
    CHECK_FALSE(second.root());
    REQUIRE(second.parse("{}"));
    CHECK(second.root().size() == 0);
}

TEST_CASE("members are found by name, the last of equals") {
    Document document;
    REQUIRE(document.parse(R"({"a":1,"b":{"a":2},"a":3,"":4})"));
    CHECK(document.root().find("a").number_text() == "3");
    CHECK(document.root().find("").number_text() == "4");
    CHECK_FALSE(document.root().find("c"));
    CHECK_FALSE(document.root().find("b").find("b"));
    CHECK_FALSE(document.root().find("a").find("x"));
    CHECK_FALSE(json::Value().find("x"));
}

TEST_CASE("numbers as integers and doubles") {
    Document document;
    REQUIRE(document.parse("[9223372036854775807,-9223372036854775808,18446744073709551615,1.0,-0,1e308,1e-400,0.1]"));
    std::vector<json::Value> values;
    for (const auto value : document.root().elements()) values.push_back(value);
    CHECK(values[0].as_i64() == INT64_MAX);
    CHECK(values[1].as_i64() == INT64_MIN);
    CHECK_FALSE(values[2].as_i64());
    CHECK(values[2].as_u64() == UINT64_MAX);
    CHECK_FALSE(values[1].as_u64());
    CHECK_FALSE(values[3].as_i64());
    CHECK(values[3].as_double() == 1.0);
    CHECK(values[4].as_i64() == 0);
    CHECK(values[5].as_double() == 1e308);
    CHECK(values[6].as_double() == 0.0);
    CHECK(values[7].as_double() == 0.1);
    CHECK(std::isinf(json::parse_double("1e999")));
    CHECK(json::parse_double("-1e999") < 0);
    CHECK(json::parse_double("0." + std::string(400, '0') + "1") == 0.0);
}

TEST_CASE("a number out of range is infinite or zero by its value, not by its spelling") {
    const std::string zeros(400, '0');
    CHECK(std::isinf(json::parse_double("1" + zeros)));
    CHECK(std::isinf(json::parse_double("1" + zeros + "e-5")));
    CHECK(std::isinf(json::parse_double("1" + zeros + ".5e-5")));
    CHECK(std::isinf(json::parse_double("0.001e400")));
    CHECK(std::isinf(json::parse_double("1e+99999999999999999999")));
    CHECK(json::parse_double("0." + zeros + "1e5") == 0.0);
    CHECK(json::parse_double("0." + zeros + "1e+5") == 0.0);
    CHECK(json::parse_double("100e-999") == 0.0);
    CHECK(json::parse_double("1e-99999999999999999999") == 0.0);
    CHECK(json::parse_double("1" + zeros + "e-400") == 1.0);
    CHECK(json::parse_double("-1" + zeros + "e-5") < 0);
}

TEST_CASE("pointers of RFC 6901, section 5") {
    Document document;
    REQUIRE(document.parse(
        R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})"));
    const std::pair<const char*, const char*> cases[] = {
        {"/foo", R"(["bar","baz"])"},
        {"/foo/0", "\"bar\""},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/e^f", "3"},
        {"/g|h", "4"},
        {"/i\\j", "5"},
        {"/k\"l", "6"},
        {"/ ", "7"},
        {"/m~0n", "8"},
    };
    for (const auto& [pointer, expected] : cases) {
        const auto tokens = json::parse_pointer(pointer);
        REQUIRE(tokens);
        CHECK(document.root().at(*tokens).to_text() == expected);
        std::string rebuilt;
        for (const auto& token : *tokens) json::append_pointer(rebuilt, token);
        CHECK(rebuilt == pointer);
    }
    CHECK(document.root().at({}).node() == document.root().node());
    for (const char* pointer :
         {"/foo/2", "/foo/00", "/foo/-", "/foo/", "/foo/x", "/foo/0/x", "/nothing/at/all", "/foo/99999999999999999999"})
        CHECK_FALSE(document.root().at(*json::parse_pointer(pointer)));
    for (const char* pointer : {"foo", "/~", "/~2", "/a~"}) CHECK_FALSE(json::parse_pointer(pointer));
}
