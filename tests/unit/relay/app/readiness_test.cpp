#include <catch2/catch.hpp>

#include "relay/app/readiness.hpp"

using namespace fanion;
using namespace fanion::relay::app;
using namespace fanion::relay::cache;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

EnvironmentStatePtr environment(const std::string& env_id, const std::string& key, UnixMillis fresh_until) {
    auto state = std::make_shared<EnvironmentState>();
    state->env_id = env_id;
    state->org = "acme";
    state->project = "web";
    state->env = key;
    state->signals = std::make_shared<EnvironmentSignals>(1);
    state->signals->set_head_expires_at(fresh_until);
    return state;
}

ServingState two_environments() {
    ServingState state;
    state.environments = {environment("e_1", "production", now + 1'000), environment("e_2", "staging", now - 5'000)};
    return state;
}

bool is_ready(const ServingState& state, const ReadinessRules& rules) {
    return not_ready_reason(&state, rules, now).empty();
}

}  // namespace

TEST_CASE("without data a relay is not ready") {
    CHECK_FALSE(not_ready_reason(nullptr, {}, now).empty());
    CHECK_FALSE(is_ready(ServingState(), {}));
}

TEST_CASE("any environment makes a relay ready that requires none, however stale it is") {
    CHECK(is_ready(two_environments(), {}));
}

TEST_CASE("required environments are named by id or by path, and all are needed") {
    const auto state = two_environments();
    CHECK(is_ready(state, {{"e_1"}, {}}));
    CHECK(is_ready(state, {{"e_1", "acme/web/staging"}, {}}));
    CHECK_FALSE(is_ready(state, {{"e_1", "e_3"}, {}}));
    CHECK_FALSE(is_ready(state, {{"acme/web/development"}, {}}));
}

TEST_CASE("staleness matters only where it is asked for") {
    const auto state = two_environments();
    CHECK(is_ready(state, {{}, std::chrono::milliseconds(5'000)}));
    CHECK_FALSE(is_ready(state, {{}, std::chrono::milliseconds(4'999)}));
}

TEST_CASE("the reason names the environment") {
    const auto state = two_environments();
    CHECK(not_ready_reason(&state, {{"e_3"}, {}}, now).find("e_3") != std::string::npos);
    CHECK(not_ready_reason(&state, {{}, std::chrono::milliseconds(4'999)}, now).find("e_2") != std::string::npos);
}
