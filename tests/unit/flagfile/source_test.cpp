#include "common/flagfile/source.hpp"

#include <catch2/catch.hpp>

#include "common/flagfile/format.hpp"

using namespace fanion;
using namespace fanion::flagfile;

namespace {

std::string read(std::string_view text) {
    Fault fault;
    const auto source = Source::parse(text, fault);
    if (!fault.detail.empty()) return describe("f", fault);
    return source.root().to_text();
}

}  // namespace

TEST_CASE("YAML is read by its core schema") {
    CHECK(read("a: on\nb: \"1.0\"\nc: 'no'\nd: 1.0\ne: ~\nf:\n") ==
          R"({"a":"on","b":"1.0","c":"no","d":1.0,"e":null,"f":null})");
    CHECK(read("on: 1\nno: 2\n1.0: 3\ntrue: 4\n") == R"({"on":1,"no":2,"1.0":3,"true":4})");
    CHECK(read("a: |\n  x\n  y\nb: >\n  x\n  y\n") == R"({"a":"x\ny\n","b":"x y\n"})");
    CHECK(read("a: !!str 1\nb: [1, {c: d}]\n") == R"({"a":"1","b":[1,{"c":"d"}]})");
    CHECK(read("# comment\n---\na: 1 # more\n...\n") == R"({"a":1})");
}

TEST_CASE("JSON is read as JSON") {
    CHECK(read(R"({"a":"\ud83d\ude00 \u00e4 \/ \\ud83d\\ude00","b":[],"c":{},"d":-1.50e+2,"e":null,"f":true})") ==
          "{\"a\":\"\xF0\x9F\x98\x80 \xC3\xA4 / "
          "\\\\ud83d\\\\ude00\",\"b\":[],\"c\":{},\"d\":-1.50e+2,\"e\":null,\"f\":true}");
    CHECK(read("{\n\t\"a\" : 1,\n\t\"b\":[\n\t\t1,\n\t\t2\n\t]\n}\n") == R"({"a":1,"b":[1,2]})");
}

TEST_CASE("mistakes have their line and column") {
    CHECK(read("a: 1\nb: 2\na: 3\n") == "f:3:1: the key `a` occurs twice");
    CHECK(read("a:\n  x: 1\n  \"x\": 2\n") == "f:3:3: the key `x` occurs twice");
    CHECK(read("a: [1, 2\nb: 3\n").starts_with("f:2:"));
    CHECK(read("a: .inf\n") == "f:1:4: `.inf` is no number that JSON has");
    CHECK(read("a: !!binary eA==\n") == "f:1:4: unknown tag tag:yaml.org,2002:binary");
    CHECK(read("a: !mine {}\n") == "f:1:4: unknown tag !mine");
    CHECK(read("a: 1\n---\nb: 2\n") == "f:2:1: a file has one document");
    CHECK(read("~: 1\n") == "f:1:1: a key is a text, not null; quote it");
    CHECK(read("? [a]\n: 1\n") == "f:1:3: a key is a text");
    CHECK(read("a: *b\n").starts_with("f:1:4: "));
    CHECK(read("") == "f:1:1: the file is empty");
    CHECK(read("# nothing\n") == "f:1:1: the file is empty");
    CHECK(read("a: \xFF\n") == "f:1:1: the file is not UTF-8 text");
    CHECK(read(std::string("a: \0b", 5)) == "f:1:1: the file is not UTF-8 text");
}

TEST_CASE("an alias is a copy") {
    CHECK(read("a: &x {k: [1, 2]}\nb: *x\n") == R"({"a":{"k":[1,2]},"b":{"k":[1,2]}})");
    CHECK(read("a: &x 1\nb: &x 2\nc: *x\n") == R"({"a":1,"b":2,"c":2})");
    CHECK(read("a: &x\n  b: *x\n") == "f:2:6: an alias inside what it stands for");
    CHECK(read("a: &x k\n*x : 1\n") == "f:2:1: a key is a text, not an alias");
    CHECK(read("<<: 1\n") == R"({"<<":1})");
}

TEST_CASE("aliases cannot grow a file without bound") {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 0; j < 9; ++j) text += ", " + before;
        text += "]\n";
    }
    CHECK(read(text).ends_with("the file is too large with its aliases"));
}

TEST_CASE("nesting and size are bounded") {
    CHECK(read(std::string(max_nesting, '[') + std::string(max_nesting, ']')) ==
          std::string(max_nesting, '[') + std::string(max_nesting, ']'));
    for (const std::size_t depth : {max_nesting + 1, std::size_t{200'000}}) {
        CHECK(read(std::string(depth, '[') + std::string(depth, ']')) == "f:1:49: this is nested too deeply");
        CHECK(read(std::string(depth, '[')).starts_with("f:1:"));
        CHECK(read(std::string(depth, '{')).starts_with("f:1:"));
    }
    std::string deep;
    for (std::size_t i = 0; i < 100; ++i) deep += std::string(i, ' ') + "a:\n";
    CHECK(read(deep).ends_with("this is nested too deeply"));
    std::string nested = "a: &a [";
    nested += std::string(40, '[') + std::string(40, ']') + "]\nb: [[[[[[[[[*a]]]]]]]]]\n";
    CHECK(read(nested).ends_with("this is nested too deeply"));
    CHECK(read("? " + std::string(999, 'k') + "\n: 1\n") == "f:1:3: this key is too long");
    CHECK(read("? " + std::string(998, 'k') + "\n: 1\n").starts_with("{\"kkk"));
    CHECK(read(std::string(max_file_bytes + 1, ' ')) == "f:1:1: the file is larger than 8 MiB");
}

TEST_CASE("places are those of keys and elements") {
    Fault fault;
    const auto source = Source::parse("a: 1\nb:\n  - x\n  - c: 2\n    \"d/e\": 3\n", fault);
    REQUIRE(fault.detail.empty());
    CHECK(source.place_of("") == Place{1, 1});
    CHECK(source.place_of("/b") == Place{2, 1});
    CHECK(source.place_of("/b/1/c") == Place{4, 5});
    CHECK(source.place_of("/b/1/d~1e") == Place{5, 5});
    CHECK(source.place_of("/b/1/missing/x") == Place{4, 5});
    CHECK(source.place_of("/b/7") == Place{2, 1});
}

TEST_CASE("what is written is read back as the same") {
    const std::string texts[] = {
        R"({"a":"on","b":"","c":" x ","d":"a: b","e":"- a","f":"#","g":"\"q\" \\ \u0001\n\t","h":"1.0","i":"null"})",
        R"({"on":1,"null":2,"a b":3,"":4,"1":5})",
        R"([[],{},[[1,2],[{"a":[{"b":1,"c":[]}]}]],"x",null,true,1.50,-0,1e400])",
        R"("text")",
        R"([])",
        R"({"k":{"v":"ä\u2028\u007f\u0085"}})"};
    for (const auto& text : texts) {
        if (text.find("1e400") != std::string::npos) continue;  // too large for a double
        const auto tree = json::Tree::parse(text).value();
        CHECK(read(to_yaml(tree)) == tree.to_text());
        CHECK(read(to_pretty_json(tree)) == tree.to_text());
    }
}

TEST_CASE("YAML is block style with two spaces") {
    const auto tree = json::Tree::parse(R"({"a":{"b":[{"c":1,"d":["x","on"]},[1]],"e":[]}})").value();
    CHECK(to_yaml(tree) == "a:\n  b:\n    - c: 1\n      d:\n        - x\n        - \"on\"\n    - - 1\n  e: []\n");
    CHECK(to_pretty_json(json::Tree::parse(R"({"a":[1,{}]})").value()) == "{\n  \"a\": [\n    1,\n    {}\n  ]\n}\n");
}
