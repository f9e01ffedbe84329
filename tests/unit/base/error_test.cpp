#include "common/base/error.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

TEST_CASE("an error in one line: its detail, then each place") {
    CHECK(describe({Errc::internal, "gone"}) == "gone");
    CHECK(describe({Errc::invalid_input, "2 mistakes", {{"flag/f", "/a", "x", "one"}, {"", "", "y", "two"}}}) ==
          "2 mistakes; flag/f /a: one; two");
}

TEST_CASE("a detail that is also a finding's is said once, with its place") {
    CHECK(describe({Errc::invalid_input, "byte 23: x", {{"", "", "syntax", "byte 23: x"}}}) == "byte 23: x");
    CHECK(describe({Errc::invalid_input, "not a list", {{"", "/flags", "wrong_type", "not a list"}}}) ==
          "/flags: not a list");
    CHECK(describe({Errc::invalid_input, "one", {{"", "/a", "x", "one"}, {"", "/b", "x", "two"}}}) ==
          "/a: one; /b: two");
}
