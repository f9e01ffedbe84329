#include "control-plane/body/merge_patch.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

struct MergeExample {
    const char* target;
    const char* patch;
    const char* result;
};

// RFC 7396, appendix A, in its order.
constexpr MergeExample merge_examples[] = {
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

std::string merged(std::string_view target, std::string_view patch) {
    auto tree = json::Tree::parse(target);
    REQUIRE(tree);
    json::Document document;
    REQUIRE(document.parse(patch));
    REQUIRE(cp::body::apply_merge_patch(*tree, document.root()));
    return tree->to_text();
}

}  // namespace

TEST_CASE("merge patches give what RFC 7396 says") {
    for (const auto& example : merge_examples) {
        INFO(example.target << " with " << example.patch);
        CHECK(merged(example.target, example.patch) == example.result);
    }
}

TEST_CASE("a merge patch keeps the spelling of numbers it does not touch") {
    CHECK(merged(R"({"a":1.0,"b":12345678901234567890})", R"({"c":1e2})") ==
          R"({"a":1.0,"b":12345678901234567890,"c":1e2})");
}

TEST_CASE("changed members keep their places and new ones follow in the patch's order") {
    CHECK(merged(R"({"a":1,"b":{"x":1,"y":2},"c":3})", R"({"z":0,"c":4,"b":{"w":5,"x":null},"d":6,"a":null})") ==
          R"({"b":{"y":2,"w":5},"c":4,"z":0,"d":6})");
}

TEST_CASE("a result beyond the limits is refused") {
    const std::string text(limits::string_bytes, 'x');
    std::string list;
    while (list.size() < limits::composed_bytes / 2) list += (list.empty() ? "\"" : ",\"") + text + "\"";
    auto tree = json::Tree::parse("{\"a\":[" + list + "]}", cp::body::composed_limits());
    REQUIRE(tree);
    json::Document patch;
    REQUIRE(patch.parse("{\"b\":[" + list + "]}", cp::body::composed_limits()));
    const auto refused = cp::body::apply_merge_patch(*tree, patch.root());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::too_large);
    CHECK(refused.error().findings.at(0).code == "size");
}
