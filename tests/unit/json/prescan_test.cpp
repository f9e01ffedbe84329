#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using json::prescan;
using json::ScanLimits;

namespace {

std::string code_of(std::string_view text, const ScanLimits& limits = {}) {
    const auto result = prescan(text, limits);
    if (result) return "";
    REQUIRE(result.error().findings.size() == 1);
    return result.error().findings[0].code;
}

std::string repeat(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("nesting: 32 levels pass, 33 do not, and brackets in strings do not count") {
    CHECK(code_of(repeat("[", 32) + repeat("]", 32)) == "");
    CHECK(code_of(repeat("[", 33) + repeat("]", 33)) == "depth");
    CHECK(code_of(repeat("{\"a\":", 33)) == "depth");
    CHECK(code_of(repeat("[]", 100)) == "");
    CHECK(code_of("\"" + repeat("[", 100) + "\"") == "");
    CHECK(code_of("\"\\\"" + repeat("[", 100) + "\"") == "");
    CHECK(code_of("\"\\\\\"" + repeat("[", 33)) == "depth");
    CHECK(code_of(repeat("]", 100) + repeat("[", 32)) == "");
}

TEST_CASE("numbers: 64 characters pass, 65 do not") {
    CHECK(code_of(repeat("1", 64)) == "");
    CHECK(code_of(repeat("1", 65)) == "number_length");
    CHECK(code_of("[1," + repeat("-", 65) + "]") == "number_length");
    CHECK(code_of("\"" + repeat("1", 200) + "\"") == "");
}

TEST_CASE("strings are bounded by what they decode to") {
    ScanLimits limits;
    limits.string_bytes = 8;
    CHECK(code_of("\"12345678\"", limits) == "");
    CHECK(code_of("\"123456789\"", limits) == "string_length");
    CHECK(code_of("\"" + repeat("\\n", 8) + "\"", limits) == "");
    CHECK(code_of("\"" + repeat("\\n", 9) + "\"", limits) == "string_length");
    CHECK(code_of("\"" + repeat("\\u0041", 8) + "\"", limits) == "");
    CHECK(code_of("\"" + repeat("\\u0041", 9) + "\"", limits) == "string_length");
    CHECK(code_of("\"" + repeat("\\u00e4", 4) + "\"", limits) == "");
    CHECK(code_of("\"" + repeat("\\u00e4", 4) + "x\"", limits) == "string_length");
    CHECK(code_of("\"" + repeat("\\u20ac", 2) + "xx\"", limits) == "");
    CHECK(code_of("\"" + repeat("\\u20ac", 2) + "xxx\"", limits) == "string_length");
    CHECK(code_of("\"" + repeat("\\ud83d\\ude00", 2) + "\"", limits) == "");
    CHECK(code_of("\"" + repeat("\\ud83d\\ude00", 2) + "x\"", limits) == "string_length");
    CHECK(code_of("{\"123456789\":1}", limits) == "string_length");
    CHECK(code_of("\"" + std::string(limits::string_bytes, 'x') + "\"") == "");
    CHECK(code_of("\"" + std::string(limits::string_bytes + 1, 'x') + "\"") == "string_length");
}

TEST_CASE("what is no UTF-8 is refused with its place, in strings and outside") {
    CHECK(code_of("\"\xC3\xA4\"") == "");
    CHECK(code_of("\"\xC3\"") == "utf8");
    CHECK(code_of("\"\xC0\xAF\"") == "utf8");
    CHECK(code_of("\"\xED\xA0\x80\"") == "utf8");
    CHECK(code_of("\"\xF4\x90\x80\x80\"") == "utf8");
    CHECK(code_of("\xFF") == "utf8");
    const auto result = prescan("[\"\xC3\xA4\", \"ab\xFF\"]");
    REQUIRE_FALSE(result);
    CHECK(result.error().detail == "byte 10: the text is not valid UTF-8");
}

TEST_CASE("half of a surrogate pair is refused") {
    CHECK(code_of(R"("\ud83d\ude00")") == "");
    CHECK(code_of(R"("\ud83d")") == "utf8");
    CHECK(code_of(R"("\ude00")") == "utf8");
    CHECK(code_of(R"("\ud83d\ud83d")") == "utf8");
    CHECK(code_of(R"("\ud83dx\ude00")") == "utf8");
    CHECK(code_of(R"("\ud83d\n")") == "utf8");
}

TEST_CASE("size is bounded first") {
    ScanLimits limits;
    limits.bytes = 4;
    CHECK(code_of("[1]", limits) == "");
    const auto result = prescan("[1,2]", limits);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::too_large);
    CHECK(result.error().findings[0].code == "size");
}

TEST_CASE("cut at every byte, the pre-scan never fails on what it accepts whole") {
    const std::string text = R"({"a\"b":[1,-2.5e3,"\u00e4\ud83d\ude00 \\",{"n":null}],"t":true})";
    REQUIRE(prescan(text));
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto code = code_of(text.substr(0, length));
        INFO(text.substr(0, length));
        CHECK((code.empty() || code == "utf8"));  // a cut may leave half a pair
    }
}
