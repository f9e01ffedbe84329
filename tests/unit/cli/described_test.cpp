#include "common/cli/described.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

TEST_CASE("a resource is described by a line for each member that it has") {
    json::Document document;
    REQUIRE(document.parse(R"({"id":"w1","enabled":true,"disabled_reason":null,"events":["flag.updated","key.created"],
        "match":{"environments":["production"],"tags":[]},"steps":[{"share":10},{"share":100}]})"));
    CHECK(cli::described(document.root()) ==
          "id                  w1\n"
          "enabled             true\n"
          "events              flag.updated, key.created\n"
          "match environments  production\n"
          "steps 1 share       10\n"
          "steps 2 share       100");
}
