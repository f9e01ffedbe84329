// The tables of docs/rule-language.md are true.

#include <algorithm>
#include <fstream>
#include <set>

#include "tests/support/source_path.hpp"
#include "tests/unit/rule/conditions.hpp"

using namespace fanion;
using test::condition_of;
using test::json_of;

namespace {

std::vector<std::string> page_lines() {
    std::ifstream in(fanion::test::source_path("docs/rule-language.md"));
    REQUIRE(in);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// The two cells of "| `a` | `b` |"; empty for other lines.
std::pair<std::string, std::string> cells(const std::string& line) {
    const std::string start = "| `", between = "` | `", end = "` |";
    const auto middle = line.find(between);
    if (!line.starts_with(start) || !line.ends_with(end) || middle == std::string::npos) return {};
    const auto second = middle + between.size();
    return {line.substr(start.size(), middle - start.size()), line.substr(second, line.size() - end.size() - second)};
}

}  // namespace

TEST_CASE("each text of the page is the tree beside it, and is what that tree is printed as") {
    std::set<std::string> ops;
    for (const auto& line : page_lines()) {
        const auto [text, tree] = cells(line);
        if (text.empty() || !tree.starts_with('{')) continue;
        INFO(text);
        const auto expected = condition_of(tree);
        const auto parsed = rule::parse(text);
        REQUIRE(parsed);
        CHECK(json_of(parsed->condition) == json_of(expected));
        CHECK(rule::print(expected) == text);
        if (expected.kind == model::Condition::Kind::comparison || expected.kind == model::Condition::Kind::segment)
            ops.emplace(model::name_of(expected.op));
    }
    CHECK(ops.size() == static_cast<std::size_t>(model::Op::not_in_segment) + 1);
}

TEST_CASE("each other spelling of the page is printed in the one way") {
    std::size_t rows = 0;
    for (const auto& line : page_lines()) {
        const auto [text, printed] = cells(line);
        if (text.empty() || printed.starts_with('{')) continue;
        ++rows;
        INFO(text);
        const auto parsed = rule::parse(text);
        REQUIRE(parsed);
        CHECK(rule::print(parsed->condition) == printed);
    }
    CHECK(rows >= 10);
}

TEST_CASE("each error of the page is what its text gives") {
    const auto lines = page_lines();
    auto line = std::find(lines.begin(), lines.end(), "```errors");
    REQUIRE(line != lines.end());
    std::size_t errors = 0;
    for (++line; *line != "```"; line += 2, ++errors) {
        INFO(*line);
        const auto parsed = rule::parse(*line);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail == *(line + 1));
    }
    CHECK(errors >= 4);
}

TEST_CASE("a parsed text as JSON has its tree, its canonical text and the places of its nodes") {
    const auto parsed = rule::parse("not\n a  exists");
    REQUIRE(parsed);
    CHECK(rule::to_json(*parsed) ==
          R"({"when":{"not":{"attribute":"a","op":"exists","values":[],"ignore_case":false}},"text":"not a exists",)"
          R"("places":[{"pointer":"","line":1,"column":1},{"pointer":"/not","line":2,"column":2}]})");
}
