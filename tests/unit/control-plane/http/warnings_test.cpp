// The member `warnings` of a response.

#include <catch2/catch.hpp>

#include "control-plane/http/edit.hpp"

using namespace fanion;

namespace {

std::string body_with(const std::vector<Finding>& warnings, std::string body) {
    auto response = net::json_response(std::move(body));
    cp::http::add_warnings(response, warnings);
    return response.body;
}

}  // namespace

TEST_CASE("warnings become the last member of the response's object") {
    const std::vector<Finding> warnings{{"", "/rules/1", "unreachable_rule", "it is never reached"},
                                        {"flag/other", "/off", "same_value", "it says \"x\""}};
    CHECK(body_with(warnings, R"({"key":"a"})") ==
          R"({"key":"a","warnings":[{"pointer":"/rules/1","code":"unreachable_rule","detail":"it is never reached"},)"
          R"({"item":"flag/other","pointer":"/off","code":"same_value","detail":"it says \"x\""}]})");
    CHECK(body_with({}, R"({"key":"a"})") == R"({"key":"a","warnings":[]})");
    CHECK(body_with({}, "{}") == R"({"warnings":[]})");
}

TEST_CASE("a response without an object has no place for warnings") {
    const std::vector<Finding> warnings{{"", "", "unreachable_rule", "it is never reached"}};
    auto empty = net::empty_response(204);
    cp::http::add_warnings(empty, warnings);
    CHECK(empty.body.empty());
    auto not_modified = net::empty_response(304);
    cp::http::add_warnings(not_modified, warnings);
    CHECK(not_modified.body.empty());
}
