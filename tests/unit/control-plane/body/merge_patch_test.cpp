#include "control-plane/body/merge_patch.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

struct Example {
    const char* target;
    const char* patch;
    const char* result;
};

// RFC 7396, appendix A, in its order.
constexpr Example examples[] = {
    {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
    {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
    {R"({"a":"b"})", R"({"a":null})", R"({})"},
    {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
    {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
    {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
    {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
    {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
    {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
    {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
    {R"({"a":"foo"})", R"(null)", R"(null)"},
    {R"({"a":"foo"})", R"("bar")", R"("bar")"},
    {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
    {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
    {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
};

}  // namespace

TEST_CASE("merge patches give what RFC 7396 says") {
    for (const auto& example : examples) {
        INFO(example.target << " with " << example.patch);
        json::Document target;
        json::Document patch;
        REQUIRE(target.parse(example.target));
        REQUIRE(patch.parse(example.patch));
        CHECK(cp::body::merge_patch(target.root(), patch.root()) == example.result);
    }
}

TEST_CASE("a merge patch keeps the spelling of numbers it does not touch") {
    json::Document target;
    json::Document patch;
    REQUIRE(target.parse(R"({"a":1.0,"b":12345678901234567890})"));
    REQUIRE(patch.parse(R"({"c":1e2})"));
    CHECK(cp::body::merge_patch(target.root(), patch.root()) == R"({"a":1.0,"b":12345678901234567890,"c":1e2})");
}

TEST_CASE("defaults fill in what is not named, and a given null is named") {
    json::Document given;
    json::Document defaults;
    REQUIRE(given.parse(R"({"off":null,"x":{"y":1}})"));
    REQUIRE(defaults.parse(R"({"off":"off","x":{"z":2},"enabled":false})"));
    CHECK(cp::body::with_defaults(given.root(), defaults.root()) == R"({"off":null,"x":{"y":1},"enabled":false})");
}
