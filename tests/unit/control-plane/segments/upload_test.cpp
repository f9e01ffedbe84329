#include "control-plane/segments/upload.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::segments;

namespace {

Upload upload_of(std::vector<int> parts) {
    Upload upload;
    for (const auto part : parts) upload.parts.push_back({part, 1});
    return upload;
}

}  // namespace

TEST_CASE("an upload is complete when its parts are 1 to the last") {
    CHECK(check_complete(upload_of({1})));
    CHECK(check_complete(upload_of({1, 2, 3})));
    for (const auto& parts : {std::vector<int>{}, std::vector<int>{2}, std::vector<int>{1, 3}}) {
        const auto checked = check_complete(upload_of(parts));
        REQUIRE_FALSE(checked);
        CHECK(checked.error().findings[0].code == "missing_part");
    }
}

TEST_CASE("parts have the numbers 1 to 16") {
    CHECK(read_part_number("1").value() == 1);
    CHECK(read_part_number("16").value() == 16);
    for (const auto* text : {"", "0", "17", "-1", "x", "1 "}) CHECK_FALSE(read_part_number(text));
}
