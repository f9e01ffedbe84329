#include "control-plane/segments/value_file.hpp"

#include <catch2/catch.hpp>

#include "common/json/limits.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::segments;
using Values = std::vector<std::string>;

namespace {

std::vector<std::string> faults(const Result<ValueFile>& file) {
    std::vector<std::string> found;
    if (file) return found;
    const auto error = file.error();
    for (const auto& finding : error.findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

std::vector<std::string> warnings(const ValueFile& file) {
    std::vector<std::string> found;
    for (const auto& finding : file.warnings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

ValueFile csv(std::string_view text, std::string_view column = "") {
    auto file = parse_csv(text, "email", column);
    REQUIRE(file);
    return *file;
}

}  // namespace

TEST_CASE("a file of lines has a value per line, whatever its line ends") {
    CHECK(parse_lines("a\nb\nc")->values == Values{"a", "b", "c"});
    CHECK(parse_lines("a\r\nb\r\n")->values == Values{"a", "b"});
    CHECK(parse_lines("\xef\xbb\xbf"
                      "a\n\n\r\nb\n")
              ->values == Values{"a", "b"});
    CHECK(parse_lines("a, \"b\"\n")->values == Values{"a, \"b\""});
}

TEST_CASE("a value that stands twice counts once") {
    const auto file = parse_lines("b\na\nb\nb\n");
    CHECK(file->values == Values{"b", "a"});
    CHECK(file->repeated == 2);
}

TEST_CASE("each bad line is reported with its number") {
    CHECK(faults(parse_lines("good\nb\x01"
                             "d\n\xff\xfe\nfine")) == Values{"line:2 bad_character", "line:3 bad_character"});
    CHECK(faults(parse_lines(std::string("a\0b", 3))) == Values{"line:1 bad_character"});
    CHECK(faults(parse_lines("a\n" + std::string(limits::string_bytes + 1, 'x'))) == Values{"line:2 too_long"});
    std::string many;
    for (int i = 0; i < 200; ++i) many += "\x02\n";
    CHECK(faults(parse_lines(many)).size() == 50);
}

TEST_CASE("a file without values is refused, so that it does not empty a list") {
    CHECK(faults(parse_lines("\r\n\n")) == Values{" empty"});
    CHECK(faults(parse_csv("email\n", "email", "")) == Values{" empty"});
}

TEST_CASE("a file has as many values as a list") {
    std::string text;
    for (std::size_t i = 0; i < limits::list_values; ++i) text += std::to_string(i) + '\n';
    CHECK(parse_lines(text)->values.size() == limits::list_values);
    CHECK(parse_lines(text + "7\n")->repeated == 1);
    CHECK(faults(parse_lines(text + "more\nand more\n")) == Values{"line:100001 limit"});
}

TEST_CASE("white space around values is kept and noted") {
    const auto file = parse_lines("a\n b\nc \n");
    CHECK(file->values == Values{"a", " b", "c "});
    CHECK(warnings(*file) == Values{"line:2 surrounding_space"});
    CHECK(file->warnings.front().detail.starts_with("2 values begin"));
    CHECK(parse_lines("a\n b\n")->warnings.front().detail == "this value begins or ends with white space");
}

TEST_CASE("CSV without a header is taken from its first column") {
    const auto file = csv("a@x.org,1\nb@x.org,2\n");
    CHECK(file.values == Values{"a@x.org", "b@x.org"});
    CHECK_FALSE(file.column);
}

TEST_CASE("a header that has the attribute's name names the column") {
    const auto file = csv("\xef\xbb\xbfid,E-Mail,EMAIL\r\n1,x,a@x.org\r\n2,y,b@x.org\r\n");
    CHECK(file.values == Values{"a@x.org", "b@x.org"});
    CHECK(file.column == "EMAIL");
}

TEST_CASE("the column can be named") {
    CHECK(csv("id,mail\n1,a\n2,b\n", "Mail").values == Values{"a", "b"});
    CHECK(faults(parse_csv("id,mail\n1,a\n", "email", "address")) == Values{"line:1 unknown_column"});
}

TEST_CASE("quoted cells hold commas and quotes") {
    CHECK(csv("\"a,b\",1\n\"c\"\"d\",2\n").values == Values{"a,b", "c\"d"});
    CHECK(csv("email\n\"a\"\n").values == Values{"a"});
}

TEST_CASE("what is wrong with a row is reported with the line on which the row begins") {
    CHECK(faults(parse_csv("ok\n\"a\"b\nc\"d\n\"open", "email", "")) ==
          Values{"line:2 malformed", "line:3 malformed", "line:4 malformed"});
    CHECK(faults(parse_csv("x,email\n1,a\n2\n", "email", "")) == Values{"line:3 missing"});
    CHECK(faults(parse_csv("ok,\"two\nlines\"\n\x01,1\n", "email", "")) == Values{"line:3 bad_character"});
    CHECK(faults(parse_csv("\"two\nlines\"\n", "email", "")) == Values{"line:1 bad_character"});
}

TEST_CASE("rows without a value in the column are left out and noted") {
    const auto file = csv("id,email\n1,a\n2,\n3,\"\"\n");
    CHECK(file.values == Values{"a"});
    CHECK(warnings(file) == Values{"line:3 empty_cell"});
}
