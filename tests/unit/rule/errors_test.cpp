// Errors say where the text went wrong and what could have stood there; hostile texts are refused in little time.

#include "tests/unit/rule/conditions.hpp"

using namespace fanion;
using test::tree_of;

namespace {

struct Wrong {
    std::string text;
    const char* place;  // "line:column"
    const char* expected;
    const char* found;
};

void check_wrong(const Wrong& wrong) {
    const auto parsed = rule::parse(wrong.text);
    INFO(wrong.text);
    REQUIRE_FALSE(parsed);
    const auto& error = parsed.error();
    const std::string place(wrong.place);
    const auto colon = place.find(':');
    INFO(error.detail);
    CHECK(error.detail.starts_with("line " + place.substr(0, colon) + ", column " + place.substr(colon + 1) + ": "));
    CHECK(rule::place_of(error).line == std::stoul(place.substr(0, colon)));
    CHECK(rule::place_of(error).column == std::stoul(place.substr(colon + 1)));
    CHECK(error.detail.find(wrong.expected) != std::string::npos);
    CHECK(error.detail.ends_with(wrong.found));
    CHECK(error.code == Errc::invalid_input);
    REQUIRE(error.findings.size() == 1);
    CHECK(error.findings[0].detail == error.detail);
    CHECK(error.findings[0].pointer.empty());
}

}  // namespace

TEST_CASE("errors name line, column, what was expected and what was found") {
    const std::vector<Wrong> cases{
        {"", "1:1", "expected a condition (", "found the end of the text"},
        {" \n ", "2:2", "expected a condition (", "found the end of the text"},
        {"country", "1:8", "expected an operator", "found the end of the text"},
        {"country foo", "1:9", "expected an operator", "found `foo`"},
        {"country = 1", "1:9", "expected an operator", "found `=`"},
        {"country in \"DE\"", "1:12", "expected a list", "found `\"`"},
        {"country in [\"DE\" \"AT\"]", "1:18", "expected `,` or `]`", "found `\"`"},
        {"country in [\"DE\",]", "1:18", "expected a value", "found `]`"},
        {"country in [null]", "1:13", "expected a value", "found `null`"},
        {"a is", "1:5", "expected a value", "found the end of the text"},
        {"a is b", "1:6", "`version` and text", "found `b`"},
        {"a is 1 b", "1:8", "expected `and`, `or` or the end of the text", "found `b`"},
        {"a is 1,", "1:7", "expected `and`, `or` or the end of the text", "found `,`"},
        {"a is 1 and", "1:11", "expected a condition after `and`", "found the end of the text"},
        {"a is 1 or or", "1:11", "expected a condition after `or`", "found `or`"},
        {"not", "1:4", "expected a condition after `not`", "found the end of the text"},
        {"(a is 1", "1:8", "expected `and`, `or` or `)`", "found the end of the text"},
        {"all(a is 1", "1:11", "expected `and`, `or`, `,` or `)`", "found the end of the text"},
        {"all a is 1", "1:5", "expected `(`", "found `a`"},
        {"any(a is 1,)", "1:12", "expected a condition (", "found `)`"},
        {"a is 1)", "1:7", "expected `and`, `or` or the end", "found `)`"},
        {"a is \"x", "1:8", "expected a closing `\"`", "found the end of the text"},
        {"a is 'x\ny'", "1:8", "expected a closing `'`", "found a line break"},
        {"a is 'x\x01'", "1:8", "expected a closing `'`", "found a control character"},
        {"a is \"\\x\"", "1:8", "after the backslash", "found `x`"},
        {"a is \"\\u12g4\"", "1:11", "four hexadecimal digits", "found `g4`"},
        {"a is \"\\ud800\"", "1:6", "surrogate", "pair"},
        {"a is \"\\udc00\\ud800\"", "1:6", "surrogate", "pair"},
        {"a is 01", "1:6", "expected a value", "found `01`"},
        {"a is 1.", "1:6", "expected a value", "found `1.`"},
        {"a is 10%", "1:8", "expected `and`", "found `%`"},
        {"a >= version 2", "1:14", "expected text in quotes", "found `2`"},
        {"a is not version \"2\"", "1:10", "expected a value", "found `version`"},
        {"a before time 5", "1:15", "expected text in quotes", "found `5`"},
        {"a before now", "1:10", "`time`", "found `now`"},
        {"a is 1 ignoring", "1:16", "expected `case`", "found the end of the text"},
        {"segment is 1", "1:9", "attribute \"segment\"", "found `is`"},
        {"segment not \"x\"", "1:9", "`not in`", "found `not`"},
        {"attribute x is 1", "1:11", "expected text in quotes", "found `x`"},
        {"bucket < 10%", "1:8", "expected `(`", "found `<`"},
        {"bucket(1) < 10%", "1:8", "expected an attribute", "found `1`"},
        {"bucket(a b", "1:10", "expected `,` or `)`", "found `b`"},
        {"bucket(a, sha1)", "1:11", "a salt in quotes", "found `sha1`"},
        {"bucket(a, \"s\", \"t\")", "1:16", "`murmur3` or `djb2`", "found `\"`"},
        {"bucket(a) is 5", "1:11", "expected `<`, `>=` or `in`", "found `is`"},
        {"bucket(a) < 10", "1:13", "expected a percentage", "found `10`"},
        {"bucket(a) < 101%", "1:13", "from 0% to 100%", "decimals"},
        {"bucket(a) < 0.0001%", "1:13", "from 0% to 100%", "decimals"},
        {"bucket(a) in 20%..10%", "1:11", "greater", "second"},
        {"bucket(a) in 20% 30%", "1:18", "expected `..`", "found `30`"},
        {"größe is 1", "1:3", "expected an operator", "found `ö`"},
        {"a is \"日本\" und b is 1", "1:11", "expected `and`", "found `und`"},
        {"a is 1 and\n\n  b is \"é\" c", "3:12", "expected `and`", "found `c`"},
        {"a is \"\xff\"", "1:1", "not valid", "UTF-8"},
        {std::string("a is 1\0", 7), "1:7", "expected `and`", "control character"},
    };
    for (const auto& wrong : cases) check_wrong(wrong);
}

TEST_CASE("the limits of rulesets hold, with the place that passes them") {
    const auto repeated = [](const std::string& piece, std::size_t n) {
        std::string out;
        for (std::size_t i = 0; i < n; ++i) out += piece;
        return out;
    };
    const auto code = [](const std::string& text) {
        const auto parsed = rule::parse(text);
        return parsed ? std::string() : parsed.error().findings.at(0).code;
    };
    CHECK(code(repeated("not ", limits::condition_depth) + "a exists").empty());
    CHECK(code(repeated("not ", limits::condition_depth + 1) + "a exists") == "limit");
    CHECK(code(repeated("all(", limits::condition_depth) + repeated(")", limits::condition_depth)).empty());
    CHECK(code(repeated("all(", 9) + repeated(")", 9)) == "limit");
    CHECK(code(repeated("(", rule::max_nesting - 1) + "a exists" + repeated(")", rule::max_nesting - 1)).empty());
    CHECK(code(repeated("(", rule::max_nesting + 1) + "a exists" + repeated(")", rule::max_nesting + 1)) == "limit");
    CHECK(code("a exists" + repeated(" or a exists", limits::conditions - 1)).empty());
    CHECK(code("a exists" + repeated(" or a exists", limits::conditions)) == "limit");
    CHECK(code("a in [1" + repeated(",1", limits::list_values - 1) + "]").empty());
    CHECK(code("a in [1" + repeated(",1", limits::list_values) + "]") == "limit");
    CHECK(code("a is \"" + repeated("x", limits::string_bytes) + "\"").empty());
    CHECK(code("a is \"" + repeated("x", limits::string_bytes) + "x\"") == "limit");
    CHECK(code("a is " + repeated("1", limits::json_number_length)).empty());
    CHECK(code("a is " + repeated("1", limits::json_number_length + 1)) == "limit");
    CHECK(code(std::string(rule::max_text_bytes + 1, ' ')) == "limit");
}

TEST_CASE("long hostile texts are refused or read in one pass") {
    constexpr std::size_t length = 128 * 1024;
    const auto fill = [&](const std::string& piece) {
        std::string out;
        while (out.size() + piece.size() <= length) out += piece;
        return out;
    };
    for (const auto* piece : {"(", "not ", "all(", "a is \"", "[", "not not(", "a is 1 and ", "always and ", "a ", "\\",
                              "a in [", "1,", "\n", "ü", "bucket(", "segment ", "a not ", "any(any(),", "/"}) {
        const auto text = fill(piece);
        rule::parse(text);
        rule::parse("a in [" + text);
        rule::parse("a is \"" + text);
        rule::parse("always or " + text);
    }
    CHECK(rule::parse(fill("always and ") + "never"));
    CHECK(rule::parse(std::string(rule::max_text_bytes - 8, ' ') + "a exists"));
}
