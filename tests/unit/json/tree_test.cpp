#include "common/json/tree.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "common/json/reader.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using json::Kind;
using json::Tree;

namespace {

Tree parse(std::string_view text) {
    auto tree = Tree::parse(text);
    REQUIRE(tree);
    return std::move(*tree);
}

constexpr const char* texts[] = {
    "null",
    "true",
    "false",
    "0",
    "-1.50e+3",
    "12345678901234567890",
    R"("")",
    R"("a \" \\ \n é")",
    "[]",
    "{}",
    "[[],[[]],{}]",
    R"({"b":1.0,"a":{"x":[1,"two",null,{"deep":true}],"y":{}},"a longer name":"a longer text"})",
    R"({"":{"":[]}})",
    R"({"a":1,"a":{"b":2},"a":3})",
};

}  // namespace

TEST_CASE("a tree writes what it was parsed from") {
    for (const auto* text : texts) CHECK(parse(text).to_text() == text);
    CHECK(parse(R"( { "a" : [ 1 , 2 ] } )").to_text() == R"({"a":[1,2]})");
    CHECK(Tree(json::Value()).to_text() == "null");
}

TEST_CASE("a tree's document reads like the document of its text") {
    for (const auto* text : texts) {
        INFO(text);
        const auto document = json::to_document(parse(text));
        REQUIRE(document);
        CHECK(document->root().to_text() == text);
    }
}

TEST_CASE("members of a tree's document are found, and siblings follow each other") {
    auto document = json::to_document(parse(R"({"a":[1,{"x":"y"},[2]],"a member":{"b":"long enough"},"c":7})"));
    REQUIRE(document);
    const auto moved = std::move(*document);
    const auto root = moved.root();
    CHECK(root.find("a").size() == 3);
    CHECK(root.at({"a", "1", "x"}).as_string() == "y");
    CHECK(root.at({"a", "2", "0"}).as_u64() == 2);
    CHECK(root.at({"a member", "b"}).as_string() == "long enough");
    CHECK(root.find("c").as_u64() == 7);
    CHECK_FALSE(root.find("d"));
}

TEST_CASE("a document of a tree outlives the tree") {
    auto tree = std::make_unique<Tree>(parse(R"({"name":"a text that is too long to be stored inside a string"})"));
    const auto document = json::to_document(*tree);
    tree.reset();
    CHECK(document->root().find("name").as_string() == "a text that is too long to be stored inside a string");
}

TEST_CASE("members are replaced in their place, appended and removed") {
    auto tree = Tree::object();
    tree.set("a", Tree::number(1)).set("b", Tree::string("x")).set("c", Tree::boolean(false));
    tree.set("a", Tree::array({Tree::number(18446744073709551615u), Tree()}));
    CHECK(tree.to_text() == R"({"a":[18446744073709551615,null],"b":"x","c":false})");
    tree.remove("b");
    tree.remove("no such member");
    *tree.find("c") = Tree::object();
    CHECK(tree.to_text() == R"({"a":[18446744073709551615,null],"c":{}})");
    CHECK(tree.find("b") == nullptr);
    CHECK(Tree::string("a").find("a") == nullptr);
    CHECK(Tree::array().find("0") == nullptr);
}

TEST_CASE("of members with one name the last is found and replaced, and all are removed") {
    auto tree = parse(R"({"a":1,"b":2,"a":3})");
    CHECK(tree.find("a")->number_text() == "3");
    tree.set("a", Tree());
    CHECK(tree.to_text() == R"({"a":1,"b":2,"a":null})");
    tree.remove("a");
    CHECK(tree.to_text() == R"({"b":2})");
}

TEST_CASE("copies of a tree are independent") {
    const auto first = parse(R"({"a":{"b":[1]}})");
    auto second = first;
    second.find("a")->find("b")->elements().push_back(Tree::number(2));
    CHECK(first.to_text() == R"({"a":{"b":[1]}})");
    CHECK(second.to_text() == R"({"a":{"b":[1,2]}})");
}

TEST_CASE("trees are equal when they are written as the same text") {
    for (const auto* a : texts)
        for (const auto* b : texts) CHECK((parse(a) == parse(b)) == (std::string_view(a) == b));
    CHECK_FALSE(parse("1") == parse("1.0"));
    CHECK_FALSE(parse("1") == parse(R"("1")"));
    CHECK_FALSE(parse(R"({"a":1,"b":2})") == parse(R"({"b":2,"a":1})"));
    CHECK(parse(R"("\u0041")") == Tree::string("A"));
}

TEST_CASE("a tree is refused with the error that its text would have") {
    const json::ScanLimits limits{.bytes = 60, .depth = 3, .number_length = 5, .string_bytes = 8};
    for (const auto* text : {
             R"([[[]]])",
             R"({"a":{"b":[1]},"c":2})",
             R"({"a":"é\n","b":[[1],[]]})",
             R"(["12345678",12345])",
             R"([[[[]]]])",
             R"({"a":1,"é":[2,{"b":[{}]}]})",
             R"({"x":[1.5,"\n\""],"y":123456})",
             R"({"x":"123456789","y":123456})",
             R"({"x":1,"123456789":[[[[]]]]})",
             R"([[[[]]],"12345678","12345678","12345678","12345678","12345"])",
             R"([[[]],0,"12345678","12345678","12345678","12345678","12345"])",
             R"([[],0,"12345678","12345678","12345678","12345678","12345"])",
         }) {
        INFO(text);
        const auto tree = parse(text);
        json::Document document;
        const auto expected = document.parse(text, limits);
        const auto checked = json::check_limits(tree, limits);
        const auto converted = json::to_document(tree, limits);
        REQUIRE(checked.has_value() == expected.has_value());
        REQUIRE(converted.has_value() == expected.has_value());
        if (expected) continue;
        CHECK(checked.error().code == expected.error().code);
        CHECK(checked.error().findings == expected.error().findings);
        CHECK(converted.error().findings == expected.error().findings);
    }
}

TEST_CASE("text that is not JSON gives no tree") {
    for (const auto* text : {"", "{", R"({"a":})", "1 2", "nul"}) CHECK_FALSE(Tree::parse(text));
    CHECK(Tree::parse("[[1]]", {.depth = 1}).error().findings.at(0).code == "depth");
}
