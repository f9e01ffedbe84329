#include "control-plane/identity/sign_in_delay.hpp"

#include <catch2/catch.hpp>

using namespace fanion::cp::identity;
using namespace std::chrono_literals;

TEST_CASE("the wait at one address doubles from the third failure on and ends at a minute") {
    CHECK(delay_at_address(0) == 0ms);
    CHECK(delay_at_address(2) == 0ms);
    CHECK(delay_at_address(3) == 500ms);
    CHECK(delay_at_address(4) == 1s);
    CHECK(delay_at_address(9) == 32s);
    CHECK(delay_at_address(10) == 60s);
    CHECK(delay_at_address(4'000'000'000) == 60s);
}

TEST_CASE("failures elsewhere never keep an account's owner out: they cost two seconds") {
    CHECK(delay_of_account(9) == 0ms);
    CHECK(delay_of_account(10) == 2s);
    CHECK(delay_of_account(4'000'000'000) == 2s);
}
