// tests/fixtures/compile/rejections.json: {"name","text"(plain form, perhaps malformed),"findings":[{"item","pointer","code"}]}.

#include "common/eval/compile/ruleset.hpp"
#include "common/json/writer.hpp"
#include "tests/unit/eval/fixtures.hpp"

using namespace fanion;

namespace {

std::vector<std::string> sorted(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string line(std::string_view item, std::string_view pointer, std::string_view code) {
    return std::string(item) + " " + std::string(pointer) + " " + std::string(code);
}

}  // namespace

TEST_CASE("a ruleset is rejected as a whole, and every finding names item, pointer and code") {
    for (const auto& file : test::fixture_files("compile")) {
        const auto document = test::parse_fixture(file);
        for (const auto one : document.root().elements()) {
            INFO(one.find("name").as_string());
            const auto result = eval::compile_plain(one.find("text").as_string());
            REQUIRE_FALSE(result.has_value());
            CHECK(result.error().code == Errc::unprocessable);
            std::vector<std::string> expected;
            for (const auto finding : one.find("findings").elements())
                expected.push_back(line(finding.find("item").as_string(), finding.find("pointer").as_string(),
                                        finding.find("code").as_string()));
            std::vector<std::string> found;
            for (const auto& finding : result.error().findings) {
                found.push_back(line(finding.item, finding.pointer, finding.code));
                CHECK_FALSE(finding.detail.empty());
            }
            CHECK(sorted(found) == sorted(expected));
        }
    }
}
