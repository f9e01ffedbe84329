#include "control-plane/body/fields.hpp"

#include <catch2/catch.hpp>

#include "control-plane/body/findings.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::body::BodyKind;

namespace {

std::vector<std::string> duplicates_in(const char* text) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::vector<Finding> findings;
    cp::body::find_unacceptable(document.root(), findings);
    std::vector<std::string> pointers;
    for (const auto& finding : findings) {
        CHECK(finding.code == "duplicate_field");
        pointers.push_back(finding.pointer);
    }
    return pointers;
}

Finding relocate_to_body(const char* item, const char* pointer, BodyKind shape) {
    Error error{Errc::unprocessable, "", {{item, pointer, "unknown_reference", "no such thing"}}};
    return cp::body::relocate_to_body(std::move(error), "flag/mine", shape, "production").findings[0];
}

}  // namespace

TEST_CASE("members given twice are found at every depth, each once") {
    CHECK(duplicates_in(R"({"a":1,"b":{"a":1}})").empty());
    CHECK(duplicates_in(R"({"a":1,"a":2})") == std::vector<std::string>{"/a"});
    CHECK(duplicates_in(R"({"x":[{"a":1},{"a/b":1,"a/b":2,"a/b":3}]})") == std::vector<std::string>{"/x/1/a~1b"});
    CHECK(duplicates_in(R"({"b":1,"a":1,"b":2,"a":2})") == std::vector<std::string>{"/a", "/b"});
}

TEST_CASE("tags are a set, in the order in which they are given") {
    json::Document document;
    REQUIRE(document.parse(R"({"tags":["b","a","b"]})"));
    const auto tags = cp::body::read_object(
        document.root(), [](json::Reader& r, std::vector<Finding>&) { return cp::body::read_tags(r, "tags"); });
    REQUIRE(tags);
    CHECK(*tags == std::vector<std::string>{"b", "a"});
}

TEST_CASE("U+0000 is found in every text and name, at its place") {
    json::Document document;
    REQUIRE(document.parse(R"({"a":["x","y\u0000z"],"n\u0000":{"b":"\u0000"},"c":"\\u0000"})"));
    std::vector<Finding> findings;
    cp::body::find_unacceptable(document.root(), findings);
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].pointer == "/a/1");
    CHECK(findings[0].code == "bad_character");
    CHECK(findings[1].pointer == std::string("/n\0", 3));
    CHECK(findings[2].pointer == std::string("/n\0/b", 5));
}

TEST_CASE("a body of faults only has a bounded number of findings") {
    std::string text = "[";
    for (int i = 0; i < 2'000; ++i) text += R"("\u0000",)";
    json::Document document;
    REQUIRE(document.parse(text + "0]"));
    std::vector<Finding> findings;
    cp::body::find_unacceptable(document.root(), findings);
    CHECK(findings.size() == 1'000);
}

TEST_CASE("what the compiler finds in the edited item points into the body") {
    CHECK(relocate_to_body("flag/mine", "/rules/0/when", BodyKind::config).item.empty());
    CHECK(relocate_to_body("flag/mine", "/rules/0/when", BodyKind::config).pointer == "/rules/0/when");
    CHECK(relocate_to_body("flag/mine", "/variations/1", BodyKind::definition).pointer == "/variations/1");
    CHECK(relocate_to_body("flag/mine", "/rules/0", BodyKind::creation).pointer == "/environments/production/rules/0");
    CHECK(relocate_to_body("flag/mine", "/variations/1", BodyKind::creation).pointer == "/variations/1");
}

TEST_CASE("what stands elsewhere keeps its item and says where that is") {
    const auto other = relocate_to_body("flag/other", "/prerequisites/0", BodyKind::config);
    CHECK(other.item == "flag/other");
    CHECK(other.detail == "no such thing (in environment production)");
    CHECK(relocate_to_body("flag/mine", "/rules/0", BodyKind::definition).item == "flag/mine");
    CHECK(relocate_to_body("flag/mine", "/variations/0", BodyKind::config).item == "flag/mine");
}
