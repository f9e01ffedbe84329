#include <catch2/catch.hpp>

#include "control-plane/relays/canaries.hpp"
#include "control-plane/staging/decide.hpp"

using namespace fanion;
using namespace fanion::cp::staging;
using State = wire::EnvironmentState;

namespace {

constexpr UnixMillis begun = 1'000'000'000;
constexpr UnixMillis second = 1'000;

HeldStage stage_of(int soak = 60, int hold = 600) {
    HeldStage stage;
    stage.settings.soak_seconds = soak;
    stage.settings.hold_seconds = hold;
    stage.begun_at = begun;
    stage.held_since = begun;
    return stage;
}

// A canary that reports at `now`.
CanaryReport canary(bool is_at_version, UnixMillis now, UnixMillis state_at = begun) {
    return {"c1", is_at_version, State::applied, "", "", now, state_at};
}

CanaryReport refusing(State state, UnixMillis now, UnixMillis state_at) {
    return {"c2", false, state, state == State::rejected ? "invalid" : "quarantined", "why", now, state_at};
}

}  // namespace

TEST_CASE("a version goes on when all canaries have had it for the soak time") {
    const auto stage = stage_of(60);
    const auto at = begun + 5 * second;  // the last of them has it since then
    const std::vector<CanaryReport> all{canary(true, at, begun + second), canary(true, at, at)};
    auto waiting = decide(stage, all, at);
    CHECK(waiting.action == Action::wait);
    CHECK(waiting.reason == Reason::soaking);
    CHECK(waiting.soak_until == at + 60 * second);
    CHECK(waiting.has == 2);
    const auto later = at + 60 * second;
    const std::vector<CanaryReport> still{canary(true, later, begun + second), canary(true, later, at)};
    CHECK(decide(stage, still, later - 1).action == Action::wait);
    const auto done = decide(stage, still, later);
    CHECK(done.action == Action::release);
    CHECK(done.reason == Reason::soaked);
    CHECK(done.detail == "2 canaries had it for 60 s");
}

TEST_CASE("a canary that has not got it keeps it back, whatever the others do") {
    const auto now = begun + 300 * second;
    const auto found = decide(stage_of(60), {canary(true, now), canary(false, now)}, now);
    CHECK(found.action == Action::wait);
    CHECK(found.reason == Reason::not_everywhere);
    CHECK_FALSE(found.soak_until);
    CHECK(found.behind == 1);
}

TEST_CASE("a canary that started again begins its soak time anew") {
    const auto now = begun + 300 * second;
    const auto restarted = now - 10 * second;
    const auto found = decide(stage_of(60), {canary(true, now), canary(true, now, restarted)}, now);
    CHECK(found.reason == Reason::soaking);
    CHECK(found.soak_until == restarted + 60 * second);
}

TEST_CASE("without a soak time it goes on as soon as they have it") {
    CHECK(decide(stage_of(0), {canary(true, begun + 1, begun + 1)}, begun + 1).action == Action::release);
    CHECK(decide(stage_of(0), {canary(false, begun + 1)}, begun + 1).action == Action::wait);
}

TEST_CASE("a canary that rejects it, or has it in quarantine, withdraws it") {
    const auto now = begun + 10 * second;
    const auto rejected = decide(stage_of(), {canary(true, now), refusing(State::rejected, now, begun)}, now);
    CHECK(rejected.action == Action::withdraw);
    CHECK(rejected.reason == Reason::rejected);
    CHECK(rejected.detail == "relay c2: invalid, why");
    const auto quarantined = decide(stage_of(), {refusing(State::quarantined, now, now)}, now);
    CHECK(quarantined.action == Action::withdraw);
    CHECK(quarantined.reason == Reason::quarantined);
    // Whether it reports still or not, and although the soak time is over for the others.
    const auto later = begun + 500 * second;
    CHECK(decide(stage_of(), {canary(true, later), refusing(State::rejected, now, begun)}, later).action ==
          Action::withdraw);
}

TEST_CASE("what a canary has rejected before says nothing of this version") {
    const auto now = begun + 10 * second;
    const auto found = decide(stage_of(), {refusing(State::rejected, now, begun - 1)}, now);
    CHECK(found.action == Action::wait);
    CHECK(found.behind == 1);
    CHECK(decide(stage_of(60, 600), {refusing(State::rejected, begun + 600 * second, begun - 1)}, begun + 600 * second)
              .reason == Reason::timed_out);
}

TEST_CASE("what it rejects of a stage it rejects of the version that replaced it, if it says so still") {
    auto stage = stage_of();
    stage.held_since = begun - 60 * second;  // an earlier version of the stage, rejected then
    const auto before = begun - 30 * second;
    const auto soon = begun + 14 * second;
    CHECK(decide(stage, {refusing(State::rejected, soon, before)}, soon).action == Action::wait);
    const auto later = begun + 15 * second;
    CHECK(decide(stage, {refusing(State::rejected, later, before)}, later).action == Action::withdraw);
}

TEST_CASE("a canary that fell silent is waited for, and then forgotten") {
    const auto stage = stage_of(60, 3600);
    const auto silent_at = begun + 10 * second;
    const auto while_lost = silent_at + lost_for;
    const auto lost = decide(stage, {canary(true, while_lost), canary(true, silent_at)}, while_lost);
    CHECK(lost.action == Action::wait);
    CHECK(lost.reason == Reason::lost);
    CHECK(lost.lost == 1);
    const auto after = while_lost + 1;
    CHECK(decide(stage, {canary(true, after), canary(true, silent_at)}, after).action == Action::release);
    // One that was silent before the stage began takes no part.
    const auto now = begun + 70 * second;
    CHECK(decide(stage, {canary(true, now), canary(false, begun - 31 * second)}, now).action == Action::release);
}

TEST_CASE("without canaries it is held and in the end withdrawn, or goes on after the soak time") {
    auto stage = stage_of(60, 600);
    const auto waiting = decide(stage, {}, begun + 599 * second);
    CHECK(waiting.action == Action::wait);
    CHECK(waiting.reason == Reason::no_canaries);
    const auto over = decide(stage, {}, begun + 600 * second);
    CHECK(over.action == Action::withdraw);
    CHECK(over.reason == Reason::timed_out);
    stage.settings.without_canaries = cp::projects::WithoutCanaries::release;
    CHECK(decide(stage, {}, begun + 59 * second).action == Action::wait);
    const auto released = decide(stage, {}, begun + 60 * second);
    CHECK(released.action == Action::release);
    CHECK(released.reason == Reason::no_canaries);
    // One that was there and fell silent may have crashed: that is not "without canaries".
    const auto now = begun + 61 * second;
    CHECK(decide(stage, {canary(true, begun + second)}, now).action == Action::wait);
}

TEST_CASE("the end of the hold time does not withdraw what may go on") {
    const auto now = begun + 600 * second;
    CHECK(decide(stage_of(60, 600), {canary(true, now)}, now).action == Action::release);
    CHECK(decide(stage_of(60, 600), {canary(false, now)}, now).action == Action::withdraw);
}

TEST_CASE("relays are canaries by the label of the first of their path") {
    const std::vector<std::string> none, canaries{"eu", "canary"}, below_canary{"top"}, below_other{"plain"},
        below_unknown{"gone"};
    const std::vector<cp::relays::LabelledRelay> relays{{"top", &none, &canaries},
                                                        {"plain", &none, &none},
                                                        {"child", &below_canary, &none},
                                                        {"labelled-child", &below_other, &canaries},
                                                        {"orphan", &below_unknown, &canaries}};
    CHECK(cp::relays::canaries_among(relays, "canary") == std::vector<bool>{true, false, true, false, false});
    CHECK(cp::relays::canaries_among(relays, "other") == std::vector<bool>(5, false));
}
