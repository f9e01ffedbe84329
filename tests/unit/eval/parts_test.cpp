#include <catch2/catch.hpp>
#include <random>

#include "common/base/cidr.hpp"
#include "common/base/text.hpp"
#include "common/eval/operators/fold.hpp"
#include "common/eval/operators/number.hpp"
#include "common/eval/operators/regex.hpp"
#include "common/eval/operators/semver.hpp"
#include "common/eval/operators/text_match.hpp"
#include "common/eval/operators/value_set.hpp"
#include "common/json/limits.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/seed.hpp"

using namespace fanion;
using namespace fanion::eval;

namespace {

int sign(std::weak_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace

TEST_CASE("only JSON's spelling is a number") {
    for (const char* text : {"0", "-0", "1", "12.5", "1e5", "1E+5", "-1.5e-7", "123456789012345678901234567890"})
        CHECK(parse_number(text));
    for (const char* text :
         {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", " 1", "1 ", "0x1", "1_000", "nan", "--1", "1.5.2", "1e5.5"}) {
        INFO(text);
        CHECK_FALSE(parse_number(text));
    }
}

TEST_CASE("numbers are ordered by value, integers of 64 bits exactly") {
    const char* ascending[] = {"-1e400",
                               "-1e300",
                               "-9223372036854775809e5",
                               "-18446744073709551615",
                               "-9223372036854775808",
                               "-9007199254740993",
                               "-9007199254740992",
                               "-1.5",
                               "-1",
                               "-0.5",
                               "0",
                               "1e-300",
                               "0.5",
                               "1",
                               "1.5",
                               "9007199254740992",
                               "9007199254740993",
                               "9223372036854775807",
                               "9223372036854775808",
                               "18446744073709551615",
                               "18446744073709551616",
                               "1e300",
                               "1e400"};
    const auto count = std::size(ascending);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
            INFO(ascending[i] << " and " << ascending[j]);
            CHECK(sign(compare(*parse_number(ascending[i]), *parse_number(ascending[j]))) == sign(i <=> j));
        }
    }
    CHECK(sign(compare(*parse_number("1e-400"), *parse_number("0"))) == 0);
    CHECK(sign(compare(Number::of(-5), *parse_number("-5.0"))) == 0);
    CHECK(sign(compare(Number::of(INT64_MIN), *parse_number("-9223372036854775808"))) == 0);
}

TEST_CASE("an integer of 64 bits is exact in every spelling") {
    const std::string zeros(400, '0');
    const std::pair<std::string, const char*> same[] = {
        {"9007199254740993.0", "9007199254740993"},
        {"9007199254740993e0", "9007199254740993"},
        {"-90071992547409930e-1", "-9007199254740993"},
        {"0.9007199254740993E16", "9007199254740993"},
        {"18446744073709551615.00", "18446744073709551615"},
        {"1844674407370955161500E-2", "18446744073709551615"},
        {"1844674407370955161.5e+1", "18446744073709551615"},
        {"-0.0", "0"},
        {"0e999999999999", "0"},
        {"1" + zeros + "e-400", "1"},
        {"0." + zeros + "1e401", "1"},
    };
    for (const auto& [spelled, plain] : same) {
        INFO(spelled);
        CHECK(parse_number(spelled)->is_integer);
        CHECK(sign(compare(*parse_number(spelled), *parse_number(plain))) == 0);
    }
    for (const char* fraction : {"2.5", "25e-1", "1e-1", "9007199254740993.5e-3"})
        CHECK_FALSE(parse_number(fraction)->is_integer);
    for (const char* large : {"18446744073709551616.0", "1e20", "1e400", "184467440737095516160e-1"})
        CHECK(sign(compare(*parse_number(large), *parse_number("18446744073709551615"))) == 1);
}

TEST_CASE("a number beyond every double is huge or nothing, whatever its exponent's sign") {
    const std::string zeros(400, '0');
    for (const auto& huge :
         {"1" + zeros + "e-1", "1" + zeros, "0." + zeros + "1e800", std::string("1e99999999999999999999")})
        CHECK(sign(compare(*parse_number(huge), *parse_number("1e308"))) == 1);
    for (const auto& tiny :
         {"0." + zeros + "1e5", "0." + zeros + "1", "1" + zeros + "e-800", std::string("1e-99999999999999999999")}) {
        CHECK(sign(compare(*parse_number(tiny), *parse_number("1e-300"))) == -1);
        CHECK(sign(compare(*parse_number("-" + tiny), *parse_number("-1e-300"))) == 1);
    }
}

TEST_CASE("versions: the example of semver.org, item 11") {
    const char* ascending[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                               "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                               "1.0.0-rc.1",  "1.0.0",         "2.0.0",
                               "2.1.0",       "2.1.1"};
    for (std::size_t i = 0; i < std::size(ascending); ++i)
        for (std::size_t j = 0; j < std::size(ascending); ++j)
            CHECK(sign(compare(*parse_semver(ascending[i]), *parse_semver(ascending[j]))) == sign(i <=> j));
    CHECK(sign(compare(*parse_semver("1.0.0+a"), *parse_semver("1+b"))) == 0);
    CHECK(sign(compare(*parse_semver("1.0.0-a-b.c"), *parse_semver("1.0.0-a-b"))) == 1);
}

TEST_CASE("versions: numbers of any length are exact") {
    const char* ascending[] = {"9999999999999999999",    "18446744073709551615",       "18446744073709551616",
                               "18446744073709551617.1", "18446744073709551617.1.1-a", "18446744073709551617.1.1",
                               "100000000000000000000"};
    for (std::size_t i = 0; i < std::size(ascending); ++i)
        for (std::size_t j = 0; j < std::size(ascending); ++j)
            CHECK(sign(compare(*parse_semver(ascending[i]), *parse_semver(ascending[j]))) == sign(i <=> j));
    CHECK(sign(compare(*parse_semver("1.2"), *parse_semver("1.18446744073709551618.0"))) == -1);
    CHECK(sign(compare(*parse_semver("v18446744073709551616"), *parse_semver("18446744073709551616.0.0+b"))) == 0);
}

TEST_CASE("versions: one to eight numbers, compared from the left, missing ones 0") {
    const char* ascending[] = {"10-rc.1",
                               "10",
                               "10.0.0.0.0.0.0.1-a",
                               "10.0.0.0.0.0.0.1",
                               "10.0.19045.3803",
                               "10.0.19045.3803.1-1",
                               "10.0.19045.18446744073709551617",
                               "10.0.19046"};
    for (std::size_t i = 0; i < std::size(ascending); ++i)
        for (std::size_t j = 0; j < std::size(ascending); ++j)
            CHECK(sign(compare(*parse_semver(ascending[i]), *parse_semver(ascending[j]))) == sign(i <=> j));
    CHECK(sign(compare(*parse_semver("V1.2"), *parse_semver("v1.2.0.0.0.0.0.0+b"))) == 0);
    CHECK(sign(compare(*parse_semver("1.2.3.0"), *parse_semver("1.2.3"))) == 0);
    for (const char* text : {"1.2.3.4.5.6.7.8.9", "1.2.3.", "1.2.3..4", "1.2.3.04", "1.2.3.4.", "1.2.3.x", "vV1", "Vv1",
                             "V", "V.1", "1.2.3.4-", "1.2.3.4-01", "1.2.3.4+", "1.2.3.-4"})
        CHECK_FALSE(parse_semver(text).has_value());
}

TEST_CASE("folding a word folds each of its bytes and only ASCII letters") {
    for (int c = 0; c < 256; ++c) {
        const auto byte = static_cast<std::uint64_t>(c);
        const auto expected = static_cast<std::uint64_t>(static_cast<unsigned char>(fold_char(static_cast<char>(c))));
        for (int shift = 0; shift < 64; shift += 8) CHECK(fold_word(byte << shift) == expected << shift);
    }
}

TEST_CASE("a set contains what was inserted and nothing else") {
    std::mt19937 random(test::seed_or(3));
    for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 100u, 3000u}) {
        std::vector<std::string> strings;
        for (std::size_t i = 0; i < count; ++i) {
            std::string text = std::to_string(i);
            for (auto length = random() % 20; length > 0; --length) text += static_cast<char>('A' + random() % 58);
            strings.push_back(text);
        }
        const std::vector<std::string_view> views(strings.begin(), strings.end());
        const StringSet exact(views, false);
        const StringSet folded(views, true);
        for (const auto& text : strings) {
            CHECK(exact.contains(text));
            CHECK(folded.contains(to_lower_ascii(text)));
            CHECK_FALSE(exact.contains(text + "!"));
            CHECK_FALSE(folded.contains("!" + text));
        }
        CHECK_FALSE(exact.contains(""));
    }
    CHECK(StringSet({""}, false).contains(""));
    CHECK(StringSet({"a", "a", "A"}, true).contains("A"));
}

TEST_CASE("a case-insensitive search finds matches across its blocks") {
    const std::string needle = "needle-of-some-length";
    for (const std::size_t at : {std::size_t{0}, 2 * limits::string_bytes - 30, 2 * limits::string_bytes - 10,
                                 2 * limits::string_bytes + 1, std::size_t{300'000}}) {
        const std::string text = std::string(at, 'N') + "NEEDLE-of-SOME-length" + std::string(100, 'n');
        CHECK(text_contains(text, needle, true));
        CHECK_FALSE(text_contains(text, "needle-of-other-length", true));
    }
    const std::string longest(limits::string_bytes, 'a');
    CHECK(text_contains("b" + longest, longest, true));
    CHECK_FALSE(text_contains(longest.substr(1), longest, true));
}

TEST_CASE("hostile repetition does not make a search quadratic") {
    const std::string text(limits::string_bytes, 'a');
    const std::string needle = std::string(limits::string_bytes / 2, 'a') + "b";
    CHECK_FALSE(text_contains(text, needle, false));
    CHECK_FALSE(text_contains(text, needle, true));
}

TEST_CASE("a folded pattern matches exactly what the pattern matches on either case of each letter") {
    struct {
        const char* pattern;
        const char* matching;
        const char* other;
    } const cases[] = {
        {"^abc$", "aBC", "abd"},
        {"^[a-f]+$", "aBF", "abg"},
        {"^[^a]$", "b", "A"},
        {"^[]x]$", "X", "y"},
        {"^[^]x]$", "y", "X"},
        {"^[a\\]b]+$", "B]A", "c"},
        {"^[-a]+$", "A-", "B"},
        {"^[a-]+$", "A-", "B"},
        {"^[[:upper:]]$", "q", "1"},
        {"^[[:^upper:]]$", "Q", ""},
        {"^\\p{Lu}$", "q", "1"},
        {"^\\PL$", "1", "a"},
        {"^\\x6b$", "K", "\xE2\x84\xAA"},
        {"^\\x{6B}$", "k", "\xE2\x84\xAA"},
        {"^\\153$", "K", "j"},
        {"^\\Qa.b\\E$", "A.B", "axb"},
        {"^\\Qq", "Q", "r"},
        {"^(?:a|b){2}$", "aB", "a"},
        {"^(?P<n>x)$", "X", "y"},
        {"^s$", "S", "\xC5\xBF"},
        {"^(?:s|\n)$", "S", "\xC5\xBF"},
        {"^(?:[k]|x)$", "K", "\xE2\x84\xAA"},
        {"^(?:\\x6b|\\Qs\\E)$", "K", "\xC5\xBF"},
        {"^\\w\\d\\s$", "a1 ", "a1a"},
    };
    for (const auto& one : cases) {
        INFO(one.pattern << " as " << fold_pattern(one.pattern));
        const auto regex = Regex::compile(one.pattern, true);
        REQUIRE(regex);
        CHECK(regex->matches(one.matching));
        CHECK_FALSE(regex->matches(one.other));
    }
}

TEST_CASE("a pattern that needs too much memory is rejected") {
    CHECK_FALSE(Regex::compile("((a{100}){100}){100}", false));
    CHECK_FALSE(Regex::compile("(", true));
    CHECK_FALSE(Regex::compile("a\\", true));
}

TEST_CASE("an empty text is not an address") { CHECK_FALSE(parse_ip(std::string_view())); }

TEST_CASE("an address belongs to a network exactly when its first bits are the network's") {
    std::mt19937 random(test::seed_or(5));
    const auto text_of = [](std::uint32_t a) {
        return std::to_string(a >> 24) + "." + std::to_string(a >> 16 & 255) + "." + std::to_string(a >> 8 & 255) +
               "." + std::to_string(a & 255);
    };
    for (int round = 0; round < 200; ++round) {
        NetworkSet set;
        std::vector<std::pair<std::uint32_t, unsigned>> networks;
        for (int i = 0; i < 5; ++i) {
            const auto address = static_cast<std::uint32_t>(random()) & 0x0F0F0FFF;
            const auto prefix = static_cast<unsigned>(random() % 33);
            networks.emplace_back(address, prefix == 0 ? 1 : prefix);
            REQUIRE(set.add(text_of(address) + "/" + std::to_string(networks.back().second)));
        }
        set.seal();
        for (int i = 0; i < 50; ++i) {
            const auto address = static_cast<std::uint32_t>(random()) & 0x0F0F0FFF;
            bool expected = false;
            for (const auto& [network, prefix] : networks)
                expected = expected || (address ^ network) >> (32 - prefix) == 0;
            CHECK(set.contains(*parse_ip(text_of(address))) == expected);
        }
    }
}
