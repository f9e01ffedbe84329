#include "control-plane/publish/plain_ruleset.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using cp::publish::plain_ruleset;

namespace {

std::string plain_flag(const std::string& key, const std::string& prerequisites, const std::string& segments) {
    return R"({"key":")" + key + R"(","type":"boolean","variations":[{"key":"on","value":true}],"enabled":true,)" +
           R"("prerequisites":[)" + prerequisites + R"(],"rules":[{"id":"r","when":{"op":"in_segment","values":[)" +
           segments + R"(]},"serve":{"variation":"on"}}],"fallthrough":{"variation":"on"}})";
}

std::string plain_segment(const std::string& key, const std::string& segments) {
    return R"({"key":")" + key + R"(","rules":[{"when":{"op":"in_segment","values":[)" + segments + "]}}]}";
}

wire::ItemSet sample() {
    wire::ItemSet items;
    items.put("access/k", test::body("{}"));
    items.put("environment", test::body("{}"));
    items.put("flag/a", test::body(plain_flag("a", R"({"flag":"b","variations":["on"]})", R"("s")")));
    items.put("flag/b", test::body(plain_flag("b", R"({"flag":"lost","variations":["on"]})", R"("t")")));
    items.put("flag/c", test::body(plain_flag("c", "", R"("u")")));
    items.put("segment/s", test::body(plain_segment("s", R"("t","s")")));  // a cycle ends too
    items.put("segment/t", test::body(plain_segment("t", "")));
    items.put("segment/u", test::body(plain_segment("u", "")));
    return items;
}

std::string body_of(const wire::ItemSet& items, const std::string& key) { return *items.items().at(key).body; }

}  // namespace

TEST_CASE("the whole plain form has all flags and segments and nothing else") {
    const auto items = sample();
    const auto plain = plain_ruleset(items, std::nullopt);
    CHECK(plain.missing.empty());
    CHECK(plain.text == R"({"flags":[)" + body_of(items, "flag/a") + ',' + body_of(items, "flag/b") + ',' +
                            body_of(items, "flag/c") + R"(],"segments":[)" + body_of(items, "segment/s") + ',' +
                            body_of(items, "segment/t") + ',' + body_of(items, "segment/u") + "]}");
}

TEST_CASE("some flags come with what they need, directly and indirectly") {
    const auto items = sample();
    const auto plain = plain_ruleset(items, std::vector<std::string>{"a"});
    CHECK(plain.missing.empty());
    CHECK(plain.text == R"({"flags":[)" + body_of(items, "flag/a") + ',' + body_of(items, "flag/b") +
                            R"(],"segments":[)" + body_of(items, "segment/s") + ',' + body_of(items, "segment/t") +
                            "]}");
    CHECK(plain_ruleset(items, std::vector<std::string>{}).text == R"({"flags":[],"segments":[]})");
}

TEST_CASE("flags that the ruleset does not have are named") {
    const auto plain = plain_ruleset(sample(), std::vector<std::string>{"x", "c", "k"});
    CHECK(plain.missing == std::vector<std::string>{"x", "k"});
}
