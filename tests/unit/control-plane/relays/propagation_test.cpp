#include <catch2/catch.hpp>

#include "control-plane/relays/propagation.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion::cp::relays;
using namespace std::chrono_literals;

TEST_CASE("a relay has a version, is behind, rejects it, or says nothing") {
    constexpr fanion::UnixMillis now = 1'000'000;
    CHECK(propagation_state_of({true, false, now}, now) == PropagationState::up_to_date);
    CHECK(propagation_state_of({false, false, now}, now) == PropagationState::pending);
    CHECK(propagation_state_of({false, true, now}, now) == PropagationState::rejected);
    CHECK(propagation_state_of({true, false, now - silent_after}, now) == PropagationState::up_to_date);
    CHECK(propagation_state_of({true, false, now - silent_after - 1}, now) == PropagationState::silent);
}

TEST_CASE("a wait is whole seconds or milliseconds, a minute at most") {
    CHECK(parse_wait("30s") == 30s);
    CHECK(parse_wait("500ms") == 500ms);
    CHECK(parse_wait("60s") == 60s);
    CHECK(parse_wait("0s") == 0s);
    for (const auto* bad : {"", "s", "30", "61s", "60001ms", "-1s", "1.5s", "30 s", "99999999999999999999s"}) {
        INFO(bad);
        CHECK_FALSE(parse_wait(bad));
    }
}
