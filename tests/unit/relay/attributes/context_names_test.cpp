// The names by which rules refer to a context's attributes; every one of them resolves to its attribute.

#include "relay/attributes/context_names.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::relay::attributes;
using Names = std::multimap<std::string, std::string>;

namespace {

Names names_of(const std::string& context) {
    json::Document document;
    REQUIRE(document.parse(context));
    Names names;
    std::string buffer = "left over";
    for_each_name(document.root(), buffer,
                  [&](std::string_view name, wire::AttributeType type) { names.emplace(name, wire::name_of(type)); });
    return names;
}

std::string member(const std::string& name) { return "{\"" + name + "\":1}"; }

}  // namespace

TEST_CASE("members have their names and types, and members of objects the names of pointers") {
    CHECK(names_of(R"({"targetingKey":"u","age":3,"beta":true,"version":"1.2.3","roles":["a","b"],"sizes":[null,1],
                       "bits":[false],"app":{"version":"2","os":{"name":"x"}},"a.b":1})") ==
          Names{{"targetingKey", "string"},
                {"age", "number"},
                {"beta", "boolean"},
                {"version", "string"},
                {"roles", "string_list"},
                {"sizes", "number_list"},
                {"bits", "boolean_list"},
                {"/app/version", "string"},
                {"/app/os/name", "string"},
                {"a.b", "number"}});
}

TEST_CASE("a name that a rule would read as something else is written as a pointer") {
    CHECK(names_of(R"({"/x":1,"$now":2,"":3,"a/b":4,"o":{"a/b":5,"m~n":6,"":7}})") == Names{{"/~1x", "number"},
                                                                                            {"/$now", "number"},
                                                                                            {"/", "number"},
                                                                                            {"a/b", "number"},
                                                                                            {"/o/a~1b", "number"},
                                                                                            {"/o/m~0n", "number"},
                                                                                            {"/o/", "number"}});
}

TEST_CASE("what has no type of an attribute is left out") {
    CHECK(names_of(R"({"n":null,"none":[],"objects":[{"a":1}],"lists":[[1]],"empty":{}})").empty());
    CHECK(names_of("[1]").empty());
    CHECK(names_of("\"x\"").empty());
    for_each_name({}, *std::make_unique<std::string>(), [](std::string_view, wire::AttributeType) { FAIL(); });
}

TEST_CASE("hostile names are not reported") {
    for (const auto* name : {"a\\u0000b", "a\\nb", "\\u001b[31m", "\\u007f", "a\\u0085", "\\u202Eevil", "\\u2066x",
                             "\\u200f", "\\u2028"}) {
        INFO(name);
        CHECK(names_of(member(name)).empty());
    }
    CHECK(names_of(member(std::string(201, 'x'))).empty());
    CHECK(names_of(member(std::string(200, 'x'))).size() == 1);
    CHECK(names_of("{\"o\":" + member(std::string(198, 'x')) + "}").empty());  // its pointer is longer
    CHECK(names_of(member("größe 🚩 a\\u0301 \\u200d\\\"<script>")).size() == 1);
    std::string long_names = "{";
    for (int i = 0; i < 40; ++i) long_names += "\"" + std::string(5'000, 'y') + std::to_string(i) + "\":1,";
    CHECK(names_of(long_names + "\"last\":1}") == Names{{"last", "number"}});
}

TEST_CASE("no more than so many names of a context are looked at, and not too deep") {
    std::string wide = "{";
    for (std::size_t i = 0; i < 3 * most_names_of_context; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
    CHECK(names_of(wide + "\"last\":1}").size() == most_names_of_context);
    std::string nested = "{\"o\":" + wide.substr(0, wide.size() - 1) + "}}";
    CHECK(names_of(nested).size() == most_names_of_context - 1);
    std::string deep = "1";
    for (int i = 0; i < 20; ++i) deep = "{\"d\":" + deep + ",\"v\":1}";
    const auto found = names_of(deep);
    CHECK(found.size() == deepest_name);
    CHECK(found.count("/d/d/d/d/v") == 1);
}
