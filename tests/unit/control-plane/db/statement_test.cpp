#include <catch2/catch.hpp>

#include "control-plane/db/error.hpp"
#include "control-plane/db/statement.hpp"

using namespace fanion;
using Texts = std::vector<std::string>;

TEST_CASE("an array of text reads back as it was written") {
    const auto texts = GENERATE(Texts{}, Texts{""}, Texts{"a"}, Texts{"a", "b c"}, Texts{"NULL", "null"},
                                Texts{"{", "}", ","}, Texts{"\"", "\\", "\\\""}, Texts{"ü", "\n"});
    CHECK(cp::db::parse_text_array(cp::db::format_text_array(texts)) == texts);
}

TEST_CASE("an array as PostgreSQL writes it is read") {
    CHECK(cp::db::parse_text_array("{}") == Texts{});
    CHECK(cp::db::parse_text_array("{a,b}") == Texts{"a", "b"});
    CHECK(cp::db::parse_text_array("{\"a b\",c,\"\"}") == Texts{"a b", "c", ""});
    CHECK(cp::db::parse_text_array("{\"x\\\\y\\\"z\"}") == Texts{"x\\y\"z"});
}

TEST_CASE("what is no plain array of text is refused") {
    const auto text = GENERATE("", "{", "}", "a", "{a", "a}", "{a,}", "{,a}", "{NULL}", "{{a}}", "{\"a}", "{a}b",
                               "{a}}", "{\"a\"b}", "{a\\}");
    CAPTURE(text);
    CHECK_FALSE(cp::db::parse_text_array(text));
}

TEST_CASE("a timestamp as PostgreSQL writes it is read, cut to milliseconds") {
    CHECK(cp::db::parse_timestamp("1970-01-01 00:00:00+00") == 0);
    CHECK(cp::db::parse_timestamp("2025-11-21 10:13:20.5+00") == 1763720000500);
    CHECK(cp::db::parse_timestamp("2025-11-21 10:13:20.123999+00") == 1763720000123);
}

TEST_CASE("a timestamp of another zone, infinity and nonsense are refused") {
    const auto text = GENERATE("", "infinity", "-infinity", "2025-11-21 10:13:20+01", "2025-11-21 10:13:20",
                               "2025-11-21T10:13:20+00", "2025-13-21 10:13:20+00", "0044-03-15 10:00:00+00 BC");
    CAPTURE(text);
    CHECK_FALSE(cp::db::parse_timestamp(text));
}

TEST_CASE("parameters keep their kind") {
    const std::optional<std::string> none;
    const std::optional<std::string> some = "x";
    const auto params = cp::db::make_params("t", std::string("u"), 7, std::int64_t{-1}, true, none, some,
                                            cp::db::Bytes{"\x00\x01"}, cp::db::Time{1763720000123}, Texts{"a"},
                                            std::vector<std::int64_t>{1, 2}, std::nullopt, 0.5);
    std::vector<std::string> texts;
    for (const auto& value : params.values())
        texts.push_back(value.is_null ? "NULL" : value.is_binary ? "binary" : value.bytes);
    CHECK(texts == Texts{"t", "u", "7", "-1", "t", "NULL", "x", "binary", "2025-11-21T10:13:20.123Z", "{\"a\"}",
                         "{1,2}", "NULL", "0.5"});
}

TEST_CASE("text with a NUL character is refused and not cut") {
    const std::string text("a\0b", 3);
    try {
        cp::db::make_params(text);
        FAIL("accepted");
    } catch (const cp::db::PgError& error) {
        CHECK(error.is_bad_text());
        CHECK_FALSE(error.is_unavailable());
    }
}

TEST_CASE("what may pass by itself is unavailable, what the database refused is not") {
    using Kind = cp::db::PgError::Kind;
    CHECK(cp::db::PgError(Kind::connection_lost, "").is_unavailable());
    CHECK(cp::db::PgError(Kind::timed_out, "", "57014").is_unavailable());
    CHECK(cp::db::PgError(Kind::refused, "", "40P01").is_unavailable());
    CHECK(cp::db::PgError(Kind::refused, "", "53300").is_unavailable());
    CHECK_FALSE(cp::db::PgError(Kind::refused, "", "23505").is_unavailable());
    CHECK(cp::db::PgError(Kind::refused, "", "23505", "flags_key").is_unique_violation());
}
