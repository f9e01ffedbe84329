#include "control-plane/promotion/difference.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::promotion::Difference;
using json::Tree;

namespace {

Tree tree(std::string_view text) {
    auto parsed = Tree::parse(text);
    REQUIRE(parsed);
    return std::move(*parsed);
}

std::vector<Difference> compare(std::string_view from, std::string_view to) {
    return cp::promotion::differences(tree(from), tree(to));
}

// "pointer: from -> to" of each, with nothing for what is not there.
std::vector<std::string> lines(std::string_view from, std::string_view to) {
    std::vector<std::string> found;
    for (const auto& d : compare(from, to)) {
        found.push_back(d.pointer + ": " + d.from.value_or("") + " -> " + d.to.value_or(""));
    }
    return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("equal values have no differences, whatever the order of members") {
    CHECK(lines("{}", "{}").empty());
    CHECK(lines(R"({"a":1,"b":[1,{"c":null}]})", R"({"b":[1,{"c":null}],"a":1})").empty());
}

TEST_CASE("members are compared one by one, at any depth") {
    CHECK(lines(R"({"enabled":false,"off":null,"x":1})", R"({"enabled":true,"off":"off","y":{"z":2}})") ==
          Lines{"/enabled: false -> true", "/off: null -> \"off\"", "/x: 1 -> ", "/y:  -> {\"z\":2}"});
    CHECK(lines(R"({"a":{"b":{"c/d":1}}})", R"({"a":{"b":{"c/d":"1"}}})") == Lines{"/a/b/c~1d: 1 -> \"1\""});
    CHECK(lines(R"({"a":1})", R"({"a":1.0})") == Lines{"/a: 1 -> 1.0"});
}

TEST_CASE("null is a value; what is not there has none") {
    const auto found = compare(R"({"a":null})", "{}");
    REQUIRE(found.size() == 1);
    CHECK(found[0].from == "null");
    CHECK_FALSE(found[0].to);
}

TEST_CASE("rules are compared by their ids, not their places") {
    const auto* one = R"({"rules":[{"id":"a","v":1},{"id":"b","v":2}]})";
    CHECK(lines(one, R"({"rules":[{"id":"n","v":9},{"id":"a","v":1},{"id":"b","v":3}]})") ==
          Lines{"/rules/2/v: 2 -> 3", "/rules/0:  -> {\"id\":\"n\",\"v\":9}"});
    CHECK(lines(one, R"({"rules":[{"id":"b","v":2}]})") == Lines{"/rules/0: {\"id\":\"a\",\"v\":1} -> "});
    CHECK(lines(one, R"({"rules":[]})") ==
          Lines{"/rules/0: {\"id\":\"a\",\"v\":1} -> ", "/rules/1: {\"id\":\"b\",\"v\":2} -> "});
}

TEST_CASE("another order of the same rules is one difference") {
    CHECK(lines(R"({"rules":[{"id":"a"},{"id":"b"},{"id":"c"}]})", R"({"rules":[{"id":"c"},{"id":"a"},{"id":"b"}]})") ==
          Lines{"/rules: [\"a\",\"b\",\"c\"] -> [\"c\",\"a\",\"b\"]"});
}

TEST_CASE("the same rule under another id differs in its id only") {
    CHECK(lines(R"({"rules":[{"id":"a","v":1},{"id":"b","v":2}]})",
                R"({"rules":[{"id":"x","v":1},{"id":"b","v":2}]})") == Lines{"/rules/0/id: \"a\" -> \"x\""});
}

TEST_CASE("short lists of scalars are shown as a whole, lists of other values by position") {
    CHECK(lines(R"({"v":["a","b"]})", R"({"v":["b"]})") == Lines{"/v: [\"a\",\"b\"] -> [\"b\"]"});
    CHECK(lines(R"({"t":[{"v":["a"]},{"v":["b"]}]})", R"({"t":[{"v":["a"]},{"v":["c"]},{"v":[]}]})") ==
          Lines{"/t/1/v: [\"b\"] -> [\"c\"]", "/t/2:  -> {\"v\":[]}"});
    CHECK(lines(R"({"t":[{"v":1}]})", R"({"t":[]})") == Lines{"/t/0: {\"v\":1} -> "});
    CHECK(lines(R"({"t":[]})", R"({"t":{}})") == Lines{"/t: [] -> {}"});
}

TEST_CASE("of long lists, what was added and removed is counted, and the first are named") {
    std::string from = "[";
    std::string to = "[";
    for (int i = 0; i < 1000; ++i) {
        from += (i ? "," : "") + ('"' + std::to_string(1000 + i) + '"');
        to += (i ? "," : "") + ('"' + std::to_string(1150 + i) + '"');
    }
    const auto found = compare(from + "]", to + "]");
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].from);
    CHECK_FALSE(found[0].to);
    REQUIRE(found[0].list);
    CHECK(found[0].list->added == 150);
    CHECK(found[0].list->removed == 150);
    CHECK(found[0].list->first_removed.size() == cp::promotion::most_values);
    CHECK(found[0].list->first_removed.front() == R"("1000")");
    CHECK(found[0].list->first_added.front() == R"("2000")");
}

TEST_CASE("differences are written with the item they belong to") {
    std::string out;
    json::Writer w(out);
    cp::promotion::write_item_differences(w, "flag/f", compare(R"({"a":1,"b":null})", R"({"b":2})"));
    CHECK(out == R"({"flag":"f","differences":[{"pointer":"/a","from":1},{"pointer":"/b","from":null,"to":2}]})");
    out.clear();
    Difference list;
    list.pointer = "/included/0/values";
    list.list = cp::promotion::ListChange{1, 0, {R"("x")"}, {}};
    json::Writer again(out);
    cp::promotion::write_item_differences(again, "segment/s", {list});
    CHECK(out == R"({"segment":"s","differences":[{"pointer":"/included/0/values",)"
                 R"("added":{"count":1,"values":["x"]},"removed":{"count":0,"values":[]}}]})");
}
