#include "control-plane/body/fields.hpp"

#include <catch2/catch.hpp>

#include "control-plane/body/findings.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::body::BodyShape;

namespace {

std::vector<std::string> duplicates_in(const char* text) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::vector<Finding> findings;
    cp::body::find_duplicates(document.root(), findings);
    std::vector<std::string> pointers;
    for (const auto& finding : findings) {
        CHECK(finding.code == "duplicate_field");
        pointers.push_back(finding.pointer);
    }
    return pointers;
}

Finding located(const char* item, const char* pointer, BodyShape shape) {
    Error error{Errc::unprocessable, "", {{item, pointer, "unknown_reference", "no such thing"}}};
    return cp::body::located(std::move(error), "flag/mine", shape, "production").findings[0];
}

}  // namespace

TEST_CASE("members given twice are found at every depth, each once") {
    CHECK(duplicates_in(R"({"a":1,"b":{"a":1}})").empty());
    CHECK(duplicates_in(R"({"a":1,"a":2})") == std::vector<std::string>{"/a"});
    CHECK(duplicates_in(R"({"x":[{"a":1},{"a/b":1,"a/b":2,"a/b":3}]})") == std::vector<std::string>{"/x/1/a~1b"});
    CHECK(duplicates_in(R"({"b":1,"a":1,"b":2,"a":2})") == std::vector<std::string>{"/a", "/b"});
}

TEST_CASE("what the compiler finds in the edited item points into the body") {
    CHECK(located("flag/mine", "/rules/0/when", BodyShape::config).item.empty());
    CHECK(located("flag/mine", "/rules/0/when", BodyShape::config).pointer == "/rules/0/when");
    CHECK(located("flag/mine", "/variations/1", BodyShape::definition).pointer == "/variations/1");
    CHECK(located("flag/mine", "/rules/0", BodyShape::creation).pointer == "/environments/production/rules/0");
    CHECK(located("flag/mine", "/variations/1", BodyShape::creation).pointer == "/variations/1");
}

TEST_CASE("what stands elsewhere keeps its item and says where that is") {
    const auto other = located("flag/other", "/prerequisites/0", BodyShape::config);
    CHECK(other.item == "flag/other");
    CHECK(other.detail == "no such thing (in environment production)");
    CHECK(located("flag/mine", "/rules/0", BodyShape::definition).item == "flag/mine");
    CHECK(located("flag/mine", "/variations/0", BodyShape::config).item == "flag/mine");
}
