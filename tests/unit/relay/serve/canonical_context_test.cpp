#include "relay/serve/canonical_context.hpp"

#include <set>

#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

std::string canonical(std::string_view text) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::string out;
    std::vector<json::Member> room;
    relay::serve::append_canonical(out, document.root(), room);
    CHECK(room.empty());
    return out;
}

}  // namespace

TEST_CASE("members count in any order, at every depth, and the last of equals") {
    const auto one = canonical(R"({"a":1,"b":{"x":[{"p":1,"q":2}],"y":null},"c":"d"})");
    CHECK(canonical(R"({"c":"d","b":{"y":null,"x":[{"q":2,"p":1}]},"a":1})") == one);
    CHECK(canonical(R"({"c":"e","a":[],"b":{"y":null,"x":[{"q":3,"q":2,"p":1}]},"a":1,"c":"\u0064"})") == one);
}

TEST_CASE("different values have different bytes") {
    std::set<std::string> seen;
    const std::string_view texts[] = {"null",
                                      "true",
                                      "false",
                                      "0",
                                      "-0",
                                      "0.0",
                                      "1",
                                      R"("")",
                                      R"("0")",
                                      R"("1")",
                                      R"("null")",
                                      R"("\u0000")",
                                      "[]",
                                      "[null]",
                                      "[[]]",
                                      "[1,2]",
                                      "[2,1]",
                                      "[12]",
                                      "{}",
                                      R"({"a":null})",
                                      R"({"a":{}})",
                                      R"({"":"a"})",
                                      R"({"a":""})",
                                      R"({"ab":"c"})",
                                      R"({"a":"bc"})",
                                      R"(["a","bc"])",
                                      R"(["ab","c"])",
                                      R"({"a":1,"b":2})",
                                      R"({"a":2,"b":1})",
                                      R"({"a":{"b":1}})",
                                      R"({"a":{},"b":1})",
                                      R"({"a":[{"b":1}]})",
                                      R"([{"a":1},{"b":2}])",
                                      R"([{"a":1,"b":2}])",
                                      R"({"A":1,"b":2})"};
    for (const auto text : texts) {
        CAPTURE(text);
        CHECK(seen.insert(canonical(text)).second);
    }
}
