#include "control-plane/tokens/rotation.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::tokens;

namespace {

constexpr UnixMillis rotated_at = 1'763'720'000'000;
constexpr UnixMillis hour = 60 * 60 * 1000;

Result<Rotation> read(const char* text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_rotation(document.root(), rotated_at);
}

std::string rotation_refused(const char* text) {
    const auto result = read(text);
    REQUIRE_FALSE(result);
    REQUIRE(result.error().findings.size() == 1);
    return result.error().findings[0].pointer + ' ' + result.error().findings[0].code;
}

}  // namespace

TEST_CASE("the old one stays valid for a day unless the request says otherwise") {
    CHECK(read("{}")->overlap == 24 * hour);
    CHECK(read(R"({"overlap_seconds":0})")->overlap == 0);
    CHECK(read(R"({"overlap_seconds":2592000})")->overlap == 30 * 24 * hour);
    CHECK(rotation_refused(R"({"overlap_seconds":2592001})") == "/overlap_seconds out_of_range");
    CHECK(rotation_refused(R"({"overlap_seconds":-1})") == "/overlap_seconds out_of_range");
    CHECK(rotation_refused(R"({"overlap_seconds":"1h"})") == "/overlap_seconds wrong_type");
    CHECK(rotation_refused(R"({"overlap":1})") == "/overlap unknown_field");
}

TEST_CASE("the old one never lives longer than it would have") {
    const auto rotation = *read(R"({"overlap_seconds":3600})");
    CHECK(expiry_of_old(rotation, {rotated_at - hour, std::nullopt}, rotated_at) == rotated_at + hour);
    CHECK(expiry_of_old(rotation, {rotated_at - hour, rotated_at + 2 * hour}, rotated_at) == rotated_at + hour);
    CHECK(expiry_of_old(rotation, {rotated_at - hour, rotated_at + 1}, rotated_at) == rotated_at + 1);
}

TEST_CASE("the new one lives as long as the old one did, or as the request says") {
    const auto rotation = *read("{}");
    CHECK(expiry_of_new(rotation, {rotated_at - hour, rotated_at + 2 * hour}, rotated_at) == rotated_at + 3 * hour);
    CHECK_FALSE(expiry_of_new(rotation, {rotated_at - hour, std::nullopt}, rotated_at));
    CHECK(expiry_of_new(*read(R"({"expires_at":"2030-01-01T00:00:00Z"})"), {rotated_at, std::nullopt}, rotated_at) ==
          1'893'456'000'000);
    CHECK_FALSE(expiry_of_new(*read(R"({"expires_at":null})"), {rotated_at - hour, rotated_at + hour}, rotated_at));
    CHECK(rotation_refused(R"({"expires_at":"2020-01-01T00:00:00Z"})") == "/expires_at in_the_past");
    CHECK(rotation_refused(R"({"expires_at":"soon"})") == "/expires_at bad_time");
}

TEST_CASE("a life that is moved on does not leave the years that can be written") {
    constexpr UnixMillis last = 253'402'300'799'999;
    CHECK(expiry_of_new(*read("{}"), {0, last}, rotated_at) == last);
}

TEST_CASE("a token that rotates itself keeps its expiry or has an earlier one") {
    const Validity limited{rotated_at - hour, rotated_at + hour};
    const Validity unlimited{rotated_at - hour, std::nullopt};
    const auto soon = *read(R"({"expires_at":"2030-01-01T00:00:00Z"})");
    CHECK(*expiry_kept(*read("{}"), limited) == rotated_at + hour);
    CHECK_FALSE(*expiry_kept(*read("{}"), unlimited));
    CHECK(*expiry_kept(soon, unlimited) == 1'893'456'000'000);
    CHECK(*expiry_kept(soon, {rotated_at, 1'893'456'000'000}) == 1'893'456'000'000);
    const auto later = expiry_kept(soon, limited);
    REQUIRE_FALSE(later);
    CHECK(later.error().findings[0].code == "beyond_own");
    CHECK_FALSE(expiry_kept(*read(R"({"expires_at":null})"), limited));
}
