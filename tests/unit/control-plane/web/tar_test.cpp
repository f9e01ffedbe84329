#include "control-plane/web/tar.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/support/ustar.hpp"

using namespace fanion;
using namespace fanion::cp::web;
using namespace fanion::test;

namespace {

std::string fault(const std::string& archive) {
    const auto files = read_tar(archive);
    return files ? std::string() : files.error().detail;
}

std::string with(std::string header, std::size_t at, std::string_view bytes, bool is_sealed = true) {
    header.replace(at, bytes.size(), bytes);
    if (is_sealed) seal_ustar_header(header);
    return header + ustar_end;
}

}  // namespace

TEST_CASE("files come in their order, with their bytes; folders do not") {
    const std::string large(1300, 'x');
    const auto archive =
        ustar_entry("assets/", "", '5') + ustar_entry("assets/a.js", large) + ustar_entry("empty", "") + ustar_end;
    const auto files = read_tar(archive);
    REQUIRE(files);
    REQUIRE(files->size() == 2);
    CHECK(files->at(0).name == "assets/a.js");
    CHECK(files->at(0).bytes == large);
    CHECK(files->at(1).name == "empty");
    CHECK(files->at(1).bytes.empty());
}

TEST_CASE("a name may fill its field, and have a prefix") {
    auto header = ustar_header(std::string(100, 'n'), 0);
    header.replace(345, 3, "a/b");
    seal_ustar_header(header);
    const auto archive = header + ustar_end;
    const auto files = read_tar(archive);
    REQUIRE(files);
    CHECK(files->at(0).name == "a/b/" + std::string(100, 'n'));
}

TEST_CASE("an archive is padded with nothing but zeros") {
    CHECK(fault(ustar({{"a", "1"}}) + std::string(9000, '\0')).empty());
    CHECK(fault(ustar({{"a", "1"}}) + "x").find("follows the end") != std::string::npos);
}

TEST_CASE("an archive that is cut short anywhere is refused, and says where") {
    const auto archive = ustar({{"a", std::string(600, 'a')}, {"b", "b"}});
    for (std::size_t size = 0; size < archive.size(); ++size) {
        CAPTURE(size);
        const auto detail = fault(archive.substr(0, size));
        REQUIRE(detail.find("(entry at byte ") != std::string::npos);
    }
}

TEST_CASE("what is no plain file is refused") {
    const auto header = ustar_header("a", 0);
    CHECK(fault(std::string(2048, 'x')).starts_with("no ustar archive"));
    CHECK(fault(with(header, 0, "b", false)).starts_with("a header's checksum"));
    CHECK(fault(with(header, 124, "-0000000001")).starts_with("the size is not"));
    CHECK(fault(with(header, 124, "\x80")).starts_with("the size is not"));  // GNU's binary form
    CHECK(fault(with(header, 124, std::string(12, '\0'))).starts_with("the size is not"));
    CHECK(fault(with(header, 124, std::string(12, '7'))).find("cut short") != std::string::npos);
    for (const char type : std::string("12346gxLK")) {
        CAPTURE(type);
        CHECK(fault(ustar_entry("a", "", type) + ustar_end).find("--format=ustar") != std::string::npos);
    }
}
