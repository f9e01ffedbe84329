#include "common/flagfile/core_schema.hpp"

#include <catch2/catch.hpp>

using namespace fanion::flagfile;

namespace {

std::string json_of(std::string_view word) { return json_of_word(word).value_or("(none)"); }

}  // namespace

TEST_CASE("only the words of the core schema are not texts") {
    for (const auto* word : {"", "~", "null", "Null", "NULL"}) CHECK(json_of(word) == "null");
    for (const auto* word : {"true", "True", "TRUE"}) CHECK(json_of(word) == "true");
    for (const auto* word : {"false", "False", "FALSE"}) CHECK(json_of(word) == "false");
    for (const std::string word :
         {"on",         "off", "yes", "no", "y",  "n",  "nUll", "tRue", "1.0.0", "1_000", "0b1", "12:30",
          "2026-11-29", "-",   "+",   ".",  "e5", "1e", "1e+",  "0x",   "0o8",   "-0x1",  ".e1", "NaN"})
        CHECK(json_of(word) == '"' + word + '"');
}

TEST_CASE("numbers keep their digits") {
    CHECK(json_of("9007199254740993") == "9007199254740993");
    CHECK(json_of("123456789012345678901234567890") == "123456789012345678901234567890");
    CHECK(json_of("1.0") == "1.0");
    CHECK(json_of("-0.10") == "-0.10");
    CHECK(json_of("1e5") == "1e5");
    CHECK(json_of("1E-05") == "1E-05");
}

TEST_CASE("numbers that JSON spells otherwise") {
    CHECK(json_of("+1") == "1");
    CHECK(json_of("007") == "7");
    CHECK(json_of("-000") == "-0");
    CHECK(json_of("1.") == "1.0");
    CHECK(json_of(".5") == "0.5");
    CHECK(json_of("-.5e+3") == "-0.5e+3");
    CHECK(json_of("0x1F") == "31");
    CHECK(json_of("0o17") == "15");
    CHECK(json_of("0xffffffffffffffff") == "18446744073709551615");
}

TEST_CASE("what JSON cannot say is refused") {
    for (const auto* word : {".inf", "-.Inf", "+.INF", ".nan", ".NaN", "0x10000000000000000"})
        CHECK(json_of(word) == "(none)");
}

TEST_CASE("a text that some reader takes for something else is quoted") {
    for (const auto* text :
         {"on", "OFF", "no", "Yes", "y",  "true", "null", "",   " a",  "a ", "1",  "-a", "a: b", "a #b",
          "[a", "{a",  "&a", "*a",  "!a", "|",    ">",    "'a", "\"a", "%a", "@a", "`a", "a\nb", "\xC3\xA4"})
        CHECK_FALSE(is_plain(text));
    for (const auto* text : {"new-checkout", "A name of words", "country", "a.b/c", "_x", "e-mail@example.com"})
        CHECK(is_plain(text));
}
