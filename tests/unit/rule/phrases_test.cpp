// What each spelling means, and what it is printed as.

#include "tests/unit/rule/conditions.hpp"

using namespace fanion;
using test::condition_of;
using test::json_of;
using test::tree_of;

namespace {

std::string canonical(std::string_view text) {
    const auto parsed = rule::parse(text);
    return parsed ? rule::print(parsed->condition) : parsed.error().detail;
}

struct Pair {
    const char* text;
    const char* json;
};

}  // namespace

TEST_CASE("the example of the page is the tree it says") {
    CHECK(tree_of(R"(country in ["DE", "AT"] and /app/version >= version "2.1" and not segment "internal" and )"
                  R"(bucket(targetingKey, "layer-a") < 10%)") ==
          R"({"all":[{"attribute":"country","op":"one_of","values":["DE","AT"],"ignore_case":false},)"
          R"({"attribute":"/app/version","op":"version_gte","values":["2.1"],"ignore_case":false},)"
          R"({"not":{"op":"in_segment","values":["internal"]}},)"
          R"({"bucket":{"by":"targetingKey","salt":"layer-a","hash":"murmur3","from":0,"to":10000}}]})");
}

TEST_CASE("and binds before or, not before both; parentheses make nodes only where they group") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"a exists or b exists and c exists", "a exists or (b exists and c exists)"},
        {"a exists and b exists or c exists and d exists", "(a exists and b exists) or (c exists and d exists)"},
        {"(a exists and b exists) and c exists", "(a exists and b exists) and c exists"},
        {"a exists and b exists and c exists", "a exists and b exists and c exists"},
        {"((a exists))", "a exists"},
        {"not a exists and b exists", "not a exists and b exists"},
        {"not (a exists and b exists)", "not (a exists and b exists)"},
        {"not not (not a exists)", "not not not a exists"},
        {"all(a exists, b exists)", "a exists and b exists"},
        {"all(a exists and b exists)", "all(a exists and b exists)"},
        {"any( )", "never"},
        {"all()or any(never)", "always or any(never)"},
    };
    for (const auto& [text, printed] : cases) {
        CHECK(canonical(text) == printed);
        CHECK(tree_of(printed) == tree_of(text));
    }
}

TEST_CASE("other spellings are read and printed in the one way") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"(a == "x")", R"(a is "x")"},
        {R"(a is not "x")", R"(a is not "x")"},
        {R"(a!="x")", R"(a is not "x")"},
        {R"(a is version "1")", R"(a == version "1")"},
        {R"(a starts_with "x")", R"(a starts with "x")"},
        {"a\tnot \n starts\r\nwith 'x'", R"(a not starts with "x")"},
        {R"(a contains ["x"])", R"(a contains "x")"},
        {R"(a one_of ["x"])", R"(a in ["x"])"},
        {R"(a in_cidr "10.0.0.0/8")", R"(a in network "10.0.0.0/8")"},
        {R"(a not_exists)", "a not exists"},
        {R"(a before "2026-01-01T00:00:00Z")", R"(a before time "2026-01-01T00:00:00Z")"},
        {R"(a version_gte "2")", R"(a >= version "2")"},
        {R"(segment in ["x"])", R"(segment "x")"},
        {R"(bucket(a, murmur3) < 10.000%)", "bucket(a) < 10%"},
        {R"(bucket(a) in 0%..5%)", "bucket(a) < 5%"},
        {R"(bucket(a) in 5%..100%)", "bucket(a) >= 5%"},
        {R"(attribute "country" exists)", "country exists"},
        {R"(a>5)", "a > 5"},
        {R"( a is 'it\'s "so"' )", R"(a is "it's \"so\"")"},
    };
    for (const auto& [text, printed] : cases) {
        CHECK(canonical(text) == printed);
        CHECK(canonical(printed) == printed);
    }
}

TEST_CASE("words of the language are names of attributes where they can be nothing else") {
    for (const auto* name : {"version", "time", "in", "is", "exists", "contains", "ignoring", "network", "all-in",
                             "not.so", "or_else", "gt"})
        CHECK(tree_of(std::string(name) + " exists") ==
              R"({"attribute":")" + std::string(name) + R"(","op":"exists","values":[],"ignore_case":false})");
    CHECK(canonical(R"(version >= version "2")") == R"(version >= version "2")");
    CHECK(canonical(R"(attribute "segment" in ["x"])") == R"(attribute "segment" in ["x"])");
    CHECK(tree_of(R"(segment in ["x"])") == R"({"op":"in_segment","values":["x"]})");
    CHECK(canonical("in in [1] and is is 2") == "in in [1] and is is 2");
}

TEST_CASE("numbers keep their spelling") {
    for (const auto* number : {"1", "1.0", "1.50", "-0", "1e5", "1E+400", "18446744073709551615", "0.10"})
        CHECK(canonical("a > " + std::string(number)) == "a > " + std::string(number));
}

TEST_CASE("every node of the tree has its place") {
    const auto parsed = rule::parse("a exists and\n  not (b exists or ü is 1)");
    REQUIRE_FALSE(parsed);  // ü is no bare name
    const auto text = "a exists and\n  not (b is \"ü\" or c is 1 )";
    const auto tree = rule::parse(text);
    REQUIRE(tree);
    std::string shown;
    for (const auto& node : tree->places)
        shown += node.pointer + "@" + std::to_string(node.place.line) + ":" + std::to_string(node.place.column) + " ";
    CHECK(shown == "@1:1 /all/0@1:1 /all/1@2:3 /all/1/not@2:8 /all/1/not/any/0@2:8 /all/1/not/any/1@2:20 ");
}
