// From trees to text and back: nothing is lost.

#include "tests/support/seed.hpp"
#include "tests/unit/rule/conditions.hpp"

using namespace fanion;
using test::condition_of;
using test::json_of;
using test::RandomConditions;

namespace {

void check_round_trip(const model::Condition& tree) {
    const auto json = json_of(tree);
    const auto text = rule::print(tree);
    const auto parsed = rule::parse(text);
    INFO(json);
    INFO(text);
    if (!parsed) {
        INFO(parsed.error().detail);
        REQUIRE(parsed.has_value());
    }
    if (json_of(parsed->condition) != json) CHECK(json_of(parsed->condition) == json);
    if (rule::print(parsed->condition) != text) CHECK(rule::print(parsed->condition) == text);
}

}  // namespace

TEST_CASE("each random tree is the tree of its text, and its text is canonical") {
    RandomConditions random(test::seed_or(2026));
    for (int i = 0; i < 8'000; ++i) check_round_trip(random.next());
}

TEST_CASE("the smallest trees of each shape round trip") {
    for (const auto* json :
         {R"({"all":[]})", R"({"any":[]})", R"({"not":{"all":[]}})", R"({"not":{"not":{"any":[]}}})",
          R"({"all":[{"all":[]}]})", R"({"all":[{"any":[{"all":[]}]}]})", R"({"any":[{"all":[]},{"any":[]}]})",
          R"({"not":{"op":"in_segment","values":["a"]}})", R"({"op":"not_in_segment","values":["a"]})",
          R"({"op":"in_segment","values":[]})", R"({"op":"in_segment","values":[1,"a"]})"})
        check_round_trip(condition_of(json));
}

TEST_CASE("every operator with no value, one of each kind, and several round trips") {
    for (auto op = model::Op::is; op < model::Op::in_segment; op = static_cast<model::Op>(static_cast<int>(op) + 1)) {
        for (const auto* values : {"[]", "[1]", "[1.50]", "[true]", R"(["x"])", R"([""])", R"([1,"x",false])"}) {
            for (const auto* ignore_case : {"true", "false"}) {
                const auto json = R"({"attribute":"a","op":")" + std::string(model::name_of(op)) + R"(","values":)" +
                                  values + R"(,"ignore_case":)" + ignore_case + "}";
                check_round_trip(condition_of(json));
            }
        }
    }
}

TEST_CASE("strings with every character round trip, in both kinds of quotes") {
    for (std::uint32_t c = 0; c < 0x11'0000; c += c < 0x900 ? 1 : 331) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char escape[16];
        if (c < 0x10000)
            std::snprintf(escape, sizeof escape, "\\u%04x", c);
        else
            std::snprintf(escape, sizeof escape, "\\u%04x\\u%04X", 0xD7C0 + (c >> 10), 0xDC00 + (c & 0x3FF));
        const auto in_json =
            R"({"attribute":"a","op":"is","values":["x)" + std::string(escape) + R"(y"],"ignore_case":false})";
        const auto tree = condition_of(in_json);
        const auto ticked = rule::parse("a is 'x" + std::string(escape) + "y'");
        REQUIRE(ticked);
        if (json_of(ticked->condition) != json_of(tree)) CHECK(json_of(ticked->condition) == json_of(tree));
        const auto again = rule::parse(rule::print(tree));
        REQUIRE(again);
        if (json_of(again->condition) != json_of(tree)) CHECK(json_of(again->condition) == json_of(tree));
    }
}

TEST_CASE("every bucket boundary round trips") {
    for (std::uint32_t from = 0; from <= limits::slots; from += 997) {
        for (const std::uint32_t to : {from, from + (limits::slots - from) / 3, limits::slots}) {
            model::Condition tree;
            tree.kind = model::Condition::Kind::bucket;
            tree.bucket.from = from;
            tree.bucket.to = to;
            check_round_trip(tree);
        }
    }
}

TEST_CASE("the deepest tree, the most conditions and the longest list round trip") {
    model::Condition deep = condition_of(R"({"attribute":"a","op":"exists"})");
    for (std::size_t i = 0; i < limits::condition_depth; ++i) {
        model::Condition outer;
        outer.kind = i % 3 == 0   ? model::Condition::Kind::all
                     : i % 3 == 1 ? model::Condition::Kind::any
                                  : model::Condition::Kind::negation;
        outer.children.push_back(deep);
        if (i % 3 != 2 && i > 0) outer.children.push_back(condition_of(R"({"any":[]})"));
        deep = outer;
    }
    check_round_trip(deep);

    model::Condition wide;
    for (std::size_t i = 0; i < limits::conditions; ++i)
        wide.children.push_back(condition_of(R"({"attribute":"a","op":"is","values":[1]})"));
    check_round_trip(wide);

    auto longest = condition_of(R"({"attribute":"a","op":"one_of"})");
    for (std::size_t i = 0; i < limits::list_values; ++i)
        longest.values.push_back({model::Literal::Kind::string, "u" + std::to_string(i)});
    check_round_trip(longest);
}
