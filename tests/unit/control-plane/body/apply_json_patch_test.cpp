#include "control-plane/body/apply_json_patch.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "control-plane/body/json_patch.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::body::apply_json_patch;

namespace {

// "" for an error; otherwise the result as text.
Result<std::string> applied_text(std::string_view target, std::string_view patch) {
    auto tree = json::Tree::parse(target);
    REQUIRE(tree);
    json::Document document;
    REQUIRE(document.parse(patch));
    if (auto ok = apply_json_patch(*tree, document.root()); !ok) return ok.error();
    return tree->to_text();
}

std::string place(const Error& error) {
    REQUIRE(error.findings.size() == 1);
    return error.findings[0].pointer + ' ' + error.findings[0].code;
}

struct PatchExample {
    const char* target;
    const char* patch;
    const char* result;
};

// RFC 6902, appendix A, in its order; those that succeed.
constexpr PatchExample patch_examples[] = {
    {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"foo":"bar","baz":"qux"})"},
    {R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])", R"({"foo":["bar","qux","baz"]})"},
    {R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
    {R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])", R"({"foo":["bar","baz"]})"},
    {R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])",
     R"({"baz":"boo","foo":"bar"})"},
    {R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
     R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
     R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
    {R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
     R"({"foo":["all","cows","eat","grass"]})"},
    {R"({"baz":"qux","foo":["a",2,"c"]})",
     R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
     R"({"baz":"qux","foo":["a",2,"c"]})"},
    {R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
     R"({"foo":"bar","child":{"grandchild":{}}})"},
    {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])", R"({"foo":"bar","baz":"qux"})"},
    {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
    {R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])",
     R"({"foo":["bar",["abc","def"]]})"},
};

}  // namespace

TEST_CASE("the examples of RFC 6902 give their results") {
    for (const auto& example : patch_examples) {
        INFO(example.patch);
        const auto result = applied_text(example.target, example.patch);
        REQUIRE(result);
        CHECK(*result == example.result);
    }
}

TEST_CASE("a whole document can be replaced, tested and copied from") {
    CHECK(*applied_text(R"({"a":1})", R"([{"op":"replace","path":"","value":{"b":2}}])") == R"({"b":2})");
    CHECK(*applied_text(R"({"a":1})", R"([{"op":"test","path":"","value":{"a":1.0}}])") == R"({"a":1})");
    CHECK(*applied_text(R"({"a":1})", R"([{"op":"copy","from":"","path":"/b"}])") == R"({"a":1,"b":{"a":1}})");
    CHECK(*applied_text(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])") == R"({"a":1})");
}

TEST_CASE("a failed test is a conflict, at its value, and says the present one") {
    for (const auto* test :
         {R"({"op":"test","path":"/baz","value":"bar"})", R"({"op":"test","path":"/baz","value":10})"}) {
        const auto refused = applied_text(R"({"baz":"qux"})", std::string("[") + test + "]");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::conflict);
        CHECK(place(refused.error()) == "/0/value test_failed");
        CHECK(refused.error().findings[0].detail == R"(the present value is "qux")");
    }
}

TEST_CASE("test compares numbers by value and objects in any order") {
    CHECK(applied_text(R"({"a":{"x":1,"y":[1.50]}})", R"([{"op":"test","path":"/a","value":{"y":[1.5],"x":1}}])"));
    CHECK_FALSE(applied_text(R"({"a":{"x":1}})", R"([{"op":"test","path":"/a","value":{"x":1,"y":1}}])"));
    CHECK_FALSE(applied_text(R"({"a":[1]})", R"([{"op":"test","path":"/a","value":[1,2]}])"));
    CHECK_FALSE(applied_text(R"({"a":"10"})", R"([{"op":"test","path":"/a","value":10}])"));
}

TEST_CASE("every operation on a place that does not exist is refused, with its pointer") {
    const std::pair<const char*, const char*> refused[] = {
        {R"({"op":"add","path":"/a/b","value":1})", "/0/path no_such_place"},
        {R"({"op":"add","path":"/list/9","value":1})", "/0/path no_such_place"},
        {R"({"op":"add","path":"/list/01","value":1})", "/0/path no_such_place"},
        {R"({"op":"add","path":"/text/0","value":1})", "/0/path no_such_place"},
        {R"({"op":"replace","path":"/nothing","value":1})", "/0/path no_such_place"},
        {R"({"op":"replace","path":"/list/-","value":1})", "/0/path no_such_place"},
        {R"({"op":"remove","path":"/nothing"})", "/0/path no_such_place"},
        {R"({"op":"remove","path":""})", "/0/path no_such_place"},
        {R"({"op":"test","path":"/nothing","value":1})", "/0/path no_such_place"},
        {R"({"op":"move","from":"/nothing","path":"/b"})", "/0/from no_such_place"},
        {R"({"op":"copy","from":"/nothing","path":"/b"})", "/0/from no_such_place"},
    };
    for (const auto& [operation, where] : refused) {
        INFO(operation);
        const auto result = applied_text(R"({"list":[1],"text":"t"})", std::string("[") + operation + "]");
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::unprocessable);
        CHECK(place(result.error()) == where);
    }
}

TEST_CASE("what is no operation is refused, with its pointer") {
    const std::pair<const char*, const char*> refused[] = {
        {R"(7)", "/1 wrong_type"},
        {R"({"path":"/a","value":1})", "/1/op missing"},
        {R"({"op":"set","path":"/a"})", "/1/op unknown_operation"},
        {R"({"op":"add","value":1})", "/1/path missing"},
        {R"({"op":"add","path":7,"value":1})", "/1/path wrong_type"},
        {R"({"op":"add","path":"a","value":1})", "/1/path bad_pointer"},
        {R"({"op":"add","path":"/a"})", "/1/value missing"},
        {R"({"op":"move","path":"/a"})", "/1/from missing"},
        {R"({"op":"move","from":"/a","path":"/a/b"})", "/1/path malformed"},
    };
    for (const auto& [operation, where] : refused) {
        INFO(operation);
        const auto result =
            applied_text(R"({"a":{}})", std::string(R"([{"op":"test","path":"/a","value":{}},)") + operation + "]");
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::invalid_input);
        CHECK(place(result.error()) == where);
    }
}

TEST_CASE("a patch cannot grow without bound") {
    std::string many = "[";
    for (std::size_t i = 0; i <= cp::body::max_patch_operations; ++i)
        many += std::string(i > 0 ? "," : "") + R"({"op":"test","path":"","value":{}})";
    const auto too_many = applied_text("{}", many + "]");
    REQUIRE_FALSE(too_many);
    CHECK(place(too_many.error()) == " limit");

    std::string doubling = R"([{"op":"add","path":"/a","value":")" + std::string(1000, 'x') + "\"}";
    for (int i = 0; i < 60; ++i) doubling += R"(,{"op":"copy","from":"","path":"/b)" + std::to_string(i) + "\"}";
    const auto too_large = applied_text("{}", doubling + "]");
    REQUIRE_FALSE(too_large);
    CHECK(too_large.error().findings[0].code == "limit");

    std::string deep = "[";
    std::string path;
    for (int i = 0; i < 40; ++i) {
        path += "/a";
        deep += std::string(i > 0 ? "," : "") + R"({"op":"add","path":")" + path + R"(","value":{}})";
    }
    const auto too_deep = applied_text("{}", deep + "]");
    REQUIRE_FALSE(too_deep);
    CHECK(too_deep.error().findings[0].code == "limit");
}

TEST_CASE("the patch between two states, applied to one, gives the other") {
    const std::pair<const char*, const char*> states[] = {
        {R"({"a":[1,2,3,4],"b":{"c":null}})", R"({"a":[1,9,4],"b":{"c":true,"d/e~f":[]}})"},
        {R"({"rules":[{"id":"r1"},{"id":"r2"}]})", R"({"rules":[{"id":"r2"},{"id":"r1"},{"id":"r3"}]})"},
        {R"({})", R"({"x":{"y":[{}]}})"},
    };
    for (const auto& [before, after] : states) {
        const auto from = json::Tree::parse(before);
        const auto to = json::Tree::parse(after);
        const auto result = applied_text(before, cp::body::json_patch(*from, *to));
        REQUIRE(result);
        CHECK(cp::body::is_equal_json(*json::Tree::parse(*result), *to));
    }
}
