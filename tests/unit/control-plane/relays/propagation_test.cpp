#include <catch2/catch.hpp>

#include "control-plane/relays/propagation.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion::cp::relays;
using namespace std::chrono_literals;

namespace {

constexpr fanion::UnixMillis now = 1'000'000;

}  // namespace

TEST_CASE("a relay is up to date, pending, rejecting the version, or silent") {
    using State = fanion::wire::EnvironmentState;
    const auto state_of = [](bool is_at_version, State state, fanion::UnixMillis reported_at = now) {
        return propagation_state_of({is_at_version, state, reported_at}, now);
    };
    for (const auto state : {State::applied, State::rejected, State::quarantined, State::stale}) {
        CHECK(state_of(true, state) == PropagationState::up_to_date);
        CHECK(state_of(true, state, now - silent_after) == PropagationState::up_to_date);
        CHECK(state_of(true, state, now - silent_after - 1) == PropagationState::silent);
    }
    CHECK(state_of(false, State::applied) == PropagationState::pending);
    const auto held_back = [](bool is_at_version, State state) {
        return propagation_state_of({is_at_version, state, now, true}, now);
    };
    CHECK(held_back(false, State::applied) == PropagationState::held);
    CHECK(held_back(true, State::applied) == PropagationState::up_to_date);
    CHECK(held_back(false, State::rejected) == PropagationState::rejected);
    CHECK(state_of(false, State::stale) == PropagationState::pending);
    CHECK(state_of(false, State::rejected) == PropagationState::rejected);
    CHECK(state_of(false, State::quarantined) == PropagationState::rejected);
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
