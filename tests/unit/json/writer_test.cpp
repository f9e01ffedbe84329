#include "common/json/writer.hpp"

#include <catch2/catch.hpp>
#include <limits>

using fanion::json::Writer;

TEST_CASE("commas stand between, never before or behind") {
    std::string out;
    Writer w(out);
    w.begin_object()
        .member("a", 1)
        .key("b")
        .begin_array()
        .end_array()
        .key("c")
        .begin_array()
        .integer(-1)
        .begin_object();
    w.end_object()
        .string("x")
        .end_array()
        .key("d")
        .begin_object()
        .member("e", true)
        .end_object()
        .member("f", "g")
        .end_object();
    CHECK(out == R"({"a":1,"b":[],"c":[-1,{},"x"],"d":{"e":true},"f":"g"})");
}

TEST_CASE("values at the top, appended to what is there") {
    std::string out = "data: ";
    Writer(out).raw("1.0");
    CHECK(out == "data: 1.0");
}

TEST_CASE("numbers read back as they were") {
    std::string out;
    Writer w(out);
    w.begin_array().number(0.1).number(1e300).number(-2).number(std::numeric_limits<double>::infinity());
    w.number(std::numeric_limits<double>::quiet_NaN())
        .unsigned_integer(UINT64_MAX)
        .integer(INT64_MIN)
        .null()
        .end_array();
    CHECK(out == "[0.1,1e+300,-2,null,null,18446744073709551615,-9223372036854775808,null]");
}

TEST_CASE("names and strings are escaped") {
    std::string out;
    Writer w(out);
    w.begin_object().member("q\"", std::string_view("\n\x01\\\xC3\xA4")).end_object();
    CHECK(out == "{\"q\\\"\":\"\\n\\u0001\\\\\xC3\xA4\"}");
}
