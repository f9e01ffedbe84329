#include "control-plane/body/json_patch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "tests/support/catch_result.hpp"
#include "tests/support/seed.hpp"

using namespace fanion;
using json::Kind;
using json::Tree;

namespace {

Tree parse(std::string_view text) {
    auto tree = Tree::parse(text);
    REQUIRE(tree);
    return std::move(*tree);
}

std::string patch(std::string_view before, std::string_view after) {
    return cp::body::json_patch(parse(before), parse(after));
}

// RFC 6902 for the three operations, written apart from the code under test.
void apply(Tree& root, const Tree& operation) {
    const auto op = operation.find("op")->as_string();
    auto tokens = *json::parse_pointer(operation.find("path")->as_string());
    const auto* value = operation.find("value");
    if (tokens.empty()) {
        REQUIRE(op == "replace");
        root = *value;
        return;
    }
    const auto last = tokens.back();
    tokens.pop_back();
    Tree* parent = &root;
    for (const auto& token : tokens)
        parent = parent->is(Kind::array) ? &parent->elements().at(std::stoul(token)) : parent->find(token);
    REQUIRE(parent != nullptr);
    if (parent->is(Kind::object)) {
        REQUIRE((op == "add") == (parent->find(last) == nullptr));
        if (op == "remove") {
            parent->remove(last);
        } else {
            parent->set(last, *value);
        }
        return;
    }
    auto& elements = parent->elements();
    const auto at = elements.begin() + static_cast<std::ptrdiff_t>(std::stoul(last));
    REQUIRE(at - elements.begin() <= static_cast<std::ptrdiff_t>(elements.size()) - (op == "add" ? 0 : 1));
    if (op == "add") elements.insert(at, *value);
    if (op == "remove") elements.erase(at);
    if (op == "replace") *at = *value;
}

Tree applied(Tree before, std::string_view operations) {
    const auto list = parse(operations);
    for (const auto& operation : list.elements()) apply(before, operation);
    return before;
}

// Members in the order of their names, as a patch leaves their order open.
Tree sorted(Tree tree) {
    if (tree.is(Kind::array)) {
        for (auto& element : tree.elements()) element = sorted(std::move(element));
    } else if (tree.is(Kind::object)) {
        auto& members = tree.members();
        for (auto& member : members) member.value = sorted(std::move(member.value));
        std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    }
    return tree;
}

Tree random_tree(std::mt19937& random, int depth) {
    const auto kind = random() % (depth > 0 ? 5 : 3);
    if (kind == 0) return Tree();
    if (kind == 1) return Tree::number(random() % 3);
    if (kind == 2) return Tree::string(random() % 2 == 0 ? "a/b" : "~");
    const auto count = random() % 5;
    if (kind == 3) {
        auto list = Tree::array();
        for (std::size_t i = 0; i < count; ++i) list.elements().push_back(random_tree(random, depth - 1));
        return list;
    }
    auto object = Tree::object();
    for (std::size_t i = 0; i < count; ++i)
        object.set(std::string(1, static_cast<char>('a' + random() % 5)) + "/~", random_tree(random, depth - 1));
    return object;
}

}  // namespace

TEST_CASE("a patch says what was added, removed and replaced, and nothing else") {
    CHECK(patch(R"({"a":1,"b":2})", R"({"b":2,"a":1})") == "[]");
    CHECK(
        patch(R"({"a":1,"b":2})", R"({"b":3,"c":[4]})") ==
        R"([{"op":"remove","path":"/a"},{"op":"replace","path":"/b","value":3},{"op":"add","path":"/c","value":[4]}])");
    CHECK(patch(R"({"a":{"x":1}})", R"({"a":[1]})") == R"([{"op":"replace","path":"/a","value":[1]}])");
    CHECK(patch("1", "2") == R"([{"op":"replace","path":"","value":2}])");
    CHECK(patch("1.0", "1") == R"([{"op":"replace","path":"","value":1}])");  // numbers by their spelling
    CHECK(patch(R"({"a/b":{"~":1}})", R"({"a/b":{}})") == R"([{"op":"remove","path":"/a~1b/~0"}])");
}

TEST_CASE("what changes in one place of a list is all that is written") {
    CHECK(patch(R"(["a","b","c","d"])", R"(["a","c","d"])") == R"([{"op":"remove","path":"/1"}])");
    CHECK(patch(R"(["a","c"])", R"(["a","b","c"])") == R"([{"op":"add","path":"/1","value":"b"}])");
    CHECK(patch(R"(["a","b","c"])", R"(["a","x","c"])") == R"([{"op":"replace","path":"/1","value":"x"}])");
    CHECK(patch(R"(["a","a"])", R"(["a","a","a"])") == R"([{"op":"add","path":"/2","value":"a"}])");
    CHECK(
        patch(R"(["a","b","c","d"])", "[]") ==
        R"([{"op":"remove","path":"/3"},{"op":"remove","path":"/2"},{"op":"remove","path":"/1"},{"op":"remove","path":"/0"}])");
}

TEST_CASE("the patch of any two states leads from one to the other") {
    const auto seed = test::seed_or(6902);
    std::mt19937 random(seed);
    for (int i = 0; i < 500; ++i) {
        const auto before = random_tree(random, 4);
        const auto after = random_tree(random, 4);
        const auto operations = cp::body::json_patch(before, after);
        INFO(before.to_text() << " to " << after.to_text() << ": " << operations);
        CHECK(sorted(applied(before, operations)) == sorted(after));
    }
}
