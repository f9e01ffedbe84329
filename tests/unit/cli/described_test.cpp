#include "common/cli/described.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;

TEST_CASE("a resource is described by a line for each member that it has") {
    json::Document document;
    REQUIRE(document.parse(R"({"id":"w1","enabled":true,"disabled_reason":null,"events":["flag.updated","key.created"],
        "match":{"environments":["production"],"tags":[]},"steps":[{"share":10},{"share":100}],"context":{"plan_tier":"pro"}})"));
    CHECK(cli::described(document.root()) ==
          "id                  w1\n"
          "enabled             true\n"
          "events              flag.updated, key.created\n"
          "match environments  production\n"
          "steps 1 share       10\n"
          "steps 2 share       100\n"
          "context plan_tier   pro");
}

TEST_CASE("what others have written cannot control a terminal") {
    CHECK(cli::visible("Zoë \u2713") == "Zoë \u2713");
    CHECK(cli::visible("a\x1b[8m\nb\x7f\xc2\x9b") == R"(a\u001b[8m\u000ab\u007f\u009b)");
    CHECK(cli::table({{"title", "x\ndigest  1"}, {"digest", "2"}}) == "title   x\\u000adigest  1\ndigest  2");
}
