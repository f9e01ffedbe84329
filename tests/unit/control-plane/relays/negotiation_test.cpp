#include "control-plane/relays/negotiation.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp::relays;

TEST_CASE("the tag of a ruleset is its version") { CHECK(etag_of({7, 12}) == "\"7.12\""); }
