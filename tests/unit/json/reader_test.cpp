#include "common/json/reader.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using json::Reader;
using json::UnknownFields;

namespace {

// A document, its findings, and a Reader over it.
struct Input {
    explicit Input(std::string_view text) { REQUIRE(document.parse(text)); }
    Reader reader() { return Reader(document.root(), findings); }
    std::string found() const {  // "pointer code; pointer code"
        std::string out;
        for (const auto& finding : findings) out += (out.empty() ? "" : "; ") + finding.pointer + " " + finding.code;
        return out;
    }
    json::Document document;
    std::vector<Finding> findings;
};

}  // namespace

TEST_CASE("what is there and right is read without a finding") {
    Input input(R"({"s":"x","b":true,"i":-5,"u":18446744073709551615,"l":["a","b"],"o":{"k":"v"},"n":null,"any":[1]})");
    auto r = input.reader();
    CHECK(r.string("s") == "x");
    CHECK(r.boolean("b"));
    CHECK(r.integer("i", -10, 10) == -5);
    CHECK(r.unsigned_integer("u") == UINT64_MAX);
    CHECK(r.strings("l") == std::vector<std::string>{"a", "b"});
    CHECK(r.object("o").string("k") == "v");
    CHECK(r.is_null("n"));
    CHECK(r.optional_string("n") == std::nullopt);
    CHECK_FALSE(r.optional_object("n"));
    CHECK(r.any("any").to_text() == "[1]");
    r.finish(UnknownFields::refuse);
    CHECK(input.found() == "");
}

TEST_CASE("defaults hold where nothing is given, and only there") {
    Input input(R"({"s":1,"b":null,"i":"x"})");
    auto r = input.reader();
    CHECK(r.string("t", "d") == "d");
    CHECK(r.boolean("c", true));
    CHECK(r.integer("j", 0, 9, 4) == 4);
    CHECK(r.unsigned_integer("v", 7) == 7);
    CHECK(input.found() == "");
    r.string("s", "d");
    r.boolean("b", true);
    r.integer("i", 0, 9, 4);
    CHECK(input.found() == "/s wrong_type; /b wrong_type; /i wrong_type");
}

TEST_CASE("all errors are collected with their pointers") {
    Input input(R"({"a/b":1,"l":["x",2,null],"o":{"p":[{"q":1.5}]},"big":11})");
    auto r = input.reader();
    r.string("a/b");
    r.strings("l");
    for (auto& element : r.object("o").array("p")) element.integer("q", 0, 10);
    r.integer("big", 0, 10);
    r.string("gone");
    r.object("also gone").string("not reported twice");
    CHECK(
        input.found() ==
        "/a~1b wrong_type; /l/1 wrong_type; /l/2 wrong_type; /o/p/0/q out_of_range; /big out_of_range; /gone missing; "
        "/also gone missing");
    for (const auto& finding : input.findings) CHECK_FALSE(finding.detail.empty());
}

TEST_CASE("a place that is no object is said once") {
    Input input("[1]");
    auto r = input.reader();
    r.string("a");
    r.boolean("b");
    r.finish(UnknownFields::refuse);
    CHECK(input.found() == " wrong_type");
}

TEST_CASE("unknown and repeated members are refused only where asked") {
    Input input(R"({"a":1,"x":2,"a":3,"y~":4})");
    auto r = input.reader();
    CHECK(r.integer("a", 0, 9) == 3);
    r.finish(UnknownFields::ignore);
    CHECK(input.found() == "");
    r.finish(UnknownFields::refuse);
    CHECK(input.found() == "/a duplicate_field; /x unknown_field; /y~0 unknown_field");
}

TEST_CASE("findings carry the item and are bounded in number") {
    std::string text = "{";
    for (int i = 0; i < 3000; ++i) text += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
    Input input(text + "}");
    Reader r(input.document.root(), input.findings, "/flags/0", "flag/f");
    r.finish(UnknownFields::refuse);
    CHECK(input.findings.size() == 1000);
    CHECK(input.findings[0].item == "flag/f");
    CHECK(input.findings[0].pointer == "/flags/0/m0");
}
