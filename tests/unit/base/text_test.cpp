#include "common/base/text.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

TEST_CASE("UTF-8: well-formed sequences only") {
    for (const auto* good :
         {"", "plain ascii, longer than eight", "日本語", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
        INFO(good);
        CHECK(is_valid_utf8(good));
    }
    for (const auto* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "aaaaaaaa\xFF", "aaaaaaa\xE2\x82"}) {
        INFO(bad);
        CHECK_FALSE(is_valid_utf8(bad));
    }
}

TEST_CASE("text is cut between characters") {
    CHECK(shortened("four", 4) == "four");
    CHECK(shortened("fives", 4) == "five..");
    CHECK(shortened("\xd0\xb0\xd0\xb1\xd0\xb2", 3) == "\xd0\xb0..");
    CHECK(shortened("\xf0\x9f\x98\x80", 3) == "..");
}

TEST_CASE("JSON strings escape what must be escaped and nothing else") {
    std::string out;
    append_json_string(out, std::string_view("a\"\\\n\r\t\x01/é\x7f", 11));
    CHECK(out == "\"a\\\"\\\\\\n\\r\\t\\u0001/é\x7f\"");
}

// The bytes that JSON.stringify writes (ECMA-262, QuoteJSONString).
TEST_CASE("JSON strings escape each control character as JSON.stringify does") {
    const char* const escaped[] = {"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006",
                                   "\\u0007", "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",
                                   "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014",
                                   "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b",
                                   "\\u001c", "\\u001d", "\\u001e", "\\u001f"};
    for (std::size_t c = 0; c < std::size(escaped); ++c) {
        std::string out;
        append_json_string(out, std::string(1, static_cast<char>(c)));
        CHECK(out == '"' + std::string(escaped[c]) + '"');
    }
}

TEST_CASE("what JSON escapes is found wherever it stands in a long text") {
    for (const std::string escaped : {"\"", "\\", "\x1f"}) {
        for (std::size_t at = 0; at < 20; ++at) {
            const auto text = std::string(at, 'a') + escaped + std::string(20 - at, '\xe9');
            std::string out;
            append_json_string(out, text);
            std::string expected;
            append_json_string(expected, escaped);
            expected.insert(1, at, 'a');
            expected.insert(expected.size() - 1, 20 - at, '\xe9');
            CHECK(out == expected);
        }
    }
}

TEST_CASE("keys") {
    CHECK(is_valid_key("a"));
    CHECK(is_valid_key("New-checkout_2.b"));
    CHECK(is_valid_key(std::string(100, 'x')));
    for (const std::string bad : {"", "-a", ".a", "_a", "a b", "a/b", "ä", "a\n"}) CHECK_FALSE(is_valid_key(bad));
    CHECK_FALSE(is_valid_key(std::string(101, 'x')));
}

TEST_CASE("integers are read whole or not at all") {
    CHECK(parse_u64("18446744073709551615") == 18446744073709551615u);
    CHECK_FALSE(parse_u64("18446744073709551616").has_value());
    CHECK_FALSE(parse_u64("-1").has_value());
    CHECK_FALSE(parse_u64("1 ").has_value());
    CHECK_FALSE(parse_u64("").has_value());
    CHECK(parse_i64("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("percent-encoding both ways") {
    CHECK(percent_decode("a%2Fb%20c+d") == "a/b c+d");
    CHECK(percent_decode("a+b", true) == "a b");
    CHECK_FALSE(percent_decode("%").has_value());
    CHECK_FALSE(percent_decode("%4").has_value());
    CHECK_FALSE(percent_decode("%zz").has_value());
    CHECK(percent_decode("%41") == "A");
    CHECK(percent_encode("a/b é~") == "a%2Fb%20%C3%A9~");
}

TEST_CASE("split, trim, case") {
    CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(trim(" \ta b\r\n") == "a b");
    CHECK(trim("  ").empty());
    CHECK(to_lower_ascii("ÄbC") == "Äbc");
    CHECK(equals_ignore_case_ascii("Content-TYPE", "content-type"));
    CHECK_FALSE(equals_ignore_case_ascii("a", "ab"));
}
