// `when` as text inside bodies and plain rulesets.

#include "common/rule/expand.hpp"
#include "tests/unit/rule/conditions.hpp"

using namespace fanion;

namespace {

struct Input {
    explicit Input(std::string_view text) { REQUIRE(document.parse(text)); }
    json::Value root() const { return document.root(); }
    json::Document document;
};

std::string found(const std::vector<Finding>& findings) {
    std::string out;
    for (const auto& finding : findings) out += finding.pointer + " " + finding.code + ": " + finding.detail + "\n";
    return out;
}

// The body after expand_body(), and what that found.
struct Expanded {
    explicit Expanded(std::string_view text, const std::string& pointer = "", std::size_t max_bytes = 1'000'000) {
        json::Tree body(Input(text).root());
        findings = rule::expand_body(body, pointer, max_bytes);
        json = body.to_text();
    }
    std::string json;
    std::vector<Finding> findings;
};

constexpr const char* a_exists = R"({"attribute":"a","op":"exists","values":[],"ignore_case":false})";

}  // namespace

TEST_CASE("a body without text is left alone") {
    for (const auto* body :
         {R"({})", R"([])", R"(1)", R"({"rules":{}})", R"({"rules":[1,{"when":{"all":[]}},{"when":1},{}]})",
          R"({"when":"a exists"})", R"({"variations":[{"value":{"rules":[{"when":"x"}]}}]})"}) {
        const Expanded expanded(body);
        CHECK(expanded.json == body);
        CHECK(expanded.findings.empty());
    }
}

TEST_CASE("texts become trees and all else stays as it was, member for member") {
    const Expanded expanded(
        R"({"x":1.0,"rules":[{"id":"r","when":"a exists","serve":{"variation":"on"}},{"when":{"all":[]}}],"y":"when"})");
    CHECK(expanded.findings.empty());
    CHECK(expanded.json == R"({"x":1.0,"rules":[{"id":"r","when":)" + std::string(a_exists) +
                               R"(,"serve":{"variation":"on"}},{"when":{"all":[]}}],"y":"when"})");
}

TEST_CASE("a text that is wrong is found at its pointer, and the others are still read") {
    const Expanded expanded(R"({"rules":[{"when":"a"},{"when":"a exists"},{"when":"b is"}]})",
                            "/environments/production");
    CHECK(found(expanded.findings)
              .starts_with("/environments/production/rules/0/when bad_rule: line 1, column 2: expected"));
    CHECK(expanded.findings.size() == 2);
    CHECK(expanded.findings[1].pointer == "/environments/production/rules/2/when");
    CHECK(expanded.json ==
          R"({"rules":[{"when":{"all":[]}},{"when":)" + std::string(a_exists) + R"(},{"when":{"all":[]}}]})");
}

TEST_CASE("a number in a text that no double can hold is found at its rule") {
    const Expanded expanded(R"({"rules":[{"when":"a exists"},{"when":"a > 1e999"}]})");
    CHECK(found(expanded.findings).starts_with("/rules/1/when syntax: byte"));
    CHECK(expanded.json == R"({"rules":[{"when":)" + std::string(a_exists) + R"(},{"when":{"all":[]}}]})");
}

TEST_CASE("a condition may take more bytes as JSON than its text may have") {
    std::string value;
    for (int i = 0; i < 1'000; ++i) value += '"';  // one byte here, two as JSON
    std::string values;
    for (int i = 0; i < 1'000; ++i) values += (i > 0 ? ", '" : "'") + std::to_string(i) + value + "'";
    json::Tree body = json::Tree::object();
    body.set("rules", json::Tree::array());
    body.find("rules")->elements().push_back(json::Tree::object());
    body.find("rules")->elements()[0].set("when", json::Tree::string("a in [" + values + "]"));
    CHECK(found(rule::expand_body(body, "", 8'000'000)) == "");
    CHECK(body.to_text().size() > 2'000'000);
}

TEST_CASE("expansion stops once it has exceeded its limit, and texts behind are still checked") {
    const Expanded expanded(R"({"rules":[{"when":"a exists"},{"when":"a exists"},{"when":"a"}]})", "", 60);
    const std::string tree(a_exists);
    REQUIRE(tree.size() > 60);
    CHECK(expanded.json == R"({"rules":[{"when":)" + tree + R"(},{"when":"a exists"},{"when":"a"}]})");
    CHECK(found(expanded.findings).starts_with("/rules/2/when bad_rule"));
}

TEST_CASE("plain rulesets have texts in the rules of flags and segments, and nowhere else") {
    const Input input(
        R"({"flags":[{"key":"f","variations":[{"key":"v","value":{"rules":[{"when":"a exists"}]}}],"rules":[{"when":"a exists"}]}],)"
        R"("segments":[{"key":"s","rules":[{"when":"a exists"}]}],"other":[{"rules":[{"when":"a exists"}]}]})");
    const auto expansion = rule::expand_plain(input.root());
    REQUIRE(expansion.json);
    const std::string tree(a_exists);
    CHECK(
        *expansion.json ==
        R"({"flags":[{"key":"f","variations":[{"key":"v","value":{"rules":[{"when":"a exists"}]}}],"rules":[{"when":)" +
            tree + R"(}]}],"segments":[{"key":"s","rules":[{"when":)" + tree +
            R"(}]}],"other":[{"rules":[{"when":"a exists"}]}]})");
    CHECK_FALSE(rule::expand_plain(Input(R"({"flags":[{"rules":[{"when":{"all":[]}}]}],"segments":1})").root()).json);
    CHECK(rule::expand_plain(Input(R"({"flags":[{},{"rules":[{"when":"?"}]}]})").root()).findings.at(0).pointer ==
          "/flags/1/rules/0/when");
}

TEST_CASE("findings inside the tree of a text point to the text, with line and column of the condition") {
    const Input body(
        R"x({"rules":[{"when":{"all":[]}},{"when":"a exists and\n (b matches '(' or c exists)"}],"text":"abc"})x");
    const auto locate = [&](const char* pointer, const char* item = "") {
        auto error =
            rule::locate_in_body({Errc::unprocessable, "x", {{item, pointer, "bad_regex", "no"}}}, body.root());
        return error.findings[0].pointer + " " + error.findings[0].detail;
    };
    CHECK(locate("/rules/1/when/all/1/any/0/values/0") == "/rules/1/when line 2, column 3: no");
    CHECK(locate("/rules/1/when/all/1/any/1/attribute") == "/rules/1/when line 2, column 20: no");
    CHECK(locate("/rules/1/when/all/0") == "/rules/1/when line 1, column 1: no");
    CHECK(locate("/rules/1/when") == "/rules/1/when no");
    CHECK(locate("/rules/0/when/all/0") == "/rules/0/when/all/0 no");
    CHECK(locate("/rules/7/when/all/0") == "/rules/7/when/all/0 no");
    CHECK(locate("/text/1") == "/text/1 no");
    CHECK(locate("") == " no");
    CHECK(locate("/rules/1/when/all/0", "flag/other") == "/rules/1/when/all/0 no");
}

TEST_CASE("in the plain form findings name items and still point into the text") {
    const Input root(R"({"flags":[{"key":"f","rules":[{"when":"segment 'none'"}]}]})");
    const auto error = rule::locate_in_plain(
        {Errc::unprocessable, "x", {{"flag/f", "/flags/0/rules/0/when/values/0", "unknown_reference", "no"}}},
        root.root());
    CHECK(error.findings[0].pointer == "/flags/0/rules/0/when");
    CHECK(error.findings[0].detail == "line 1, column 1: no");
    CHECK(error.findings[0].item == "flag/f");
}
