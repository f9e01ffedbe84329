#include <catch2/catch.hpp>

#include "control-plane/publish/instance_store.hpp"

using fanion::cp::publish::next_epoch;

TEST_CASE("a new epoch is beyond the clock, the stored one and every reported one") {
    CHECK(next_epoch(1'763'720'000'999, 5, 6) == 1'763'720'000);
    CHECK(next_epoch(1'000'000, 5'000, 6) == 5'001);
    CHECK(next_epoch(1'000'000, 5, 6'000) == 6'001);
    CHECK(next_epoch(-1, 0, 0) == 1);
}
