#include "control-plane/webhooks/delivery_state.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fanion;
using namespace fanion::cp::webhooks;

namespace {

constexpr UnixMillis second = 1000;
constexpr UnixMillis hour = 3600 * second;
constexpr UnixMillis start = 1'763'720'000'000;

AttemptResult result(UnixMillis at, unsigned status) { return {at, status, std::nullopt}; }

// The pauses between the attempts of a delivery that always fails, in seconds; `chance` as each of them.
std::vector<UnixMillis> plan(double chance) {
    std::vector<UnixMillis> pauses;
    DeliveryProgress progress = replayed(start);
    auto at = start;
    for (int i = 0; i < 100; ++i) {
        progress = after_attempt(progress, result(at, 500), chance);
        if (progress.state == DeliveryState::dead) return pauses;
        pauses.push_back((progress.due_at - at) / second);
        at = progress.due_at;
    }
    return pauses;
}

}  // namespace

TEST_CASE("attempts are spread over three days, the last one at their end") {
    CHECK(plan(0.5) == std::vector<UnixMillis>{5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 73435});
    UnixMillis sum = 0;
    for (const auto pause : plan(0.5)) sum += pause;
    CHECK(sum * second == retry_window);
}

TEST_CASE("chance makes a pause up to a tenth shorter or longer, and leaves the end where it is") {
    CHECK(plan(0).front() * second == 4 * second);  // 4.5 s
    CHECK(plan(0)[1] == 54);
    CHECK(plan(0.999999)[1] == 65);
    for (const double chance : {0.0, 0.3, 0.7, 0.999999}) {
        CAPTURE(chance);
        DeliveryProgress progress = replayed(start);
        auto at = start;
        unsigned attempts = 0;
        while (progress.state != DeliveryState::dead && attempts < 100) {
            at = progress.due_at;
            progress = after_attempt(progress, result(at, 0), chance);
            ++attempts;
        }
        CHECK(attempts == 11);
        CHECK(at == start + retry_window);
    }
}

TEST_CASE("what each answer does to a delivery") {
    const auto fresh = replayed(start);
    for (const unsigned status : {200u, 201u, 204u, 299u})
        CHECK(after_attempt(fresh, result(start, status), 0).state == DeliveryState::delivered);
    for (const unsigned status : {0u, 100u, 199u, 301u, 302u, 400u, 401u, 404u, 409u, 429u, 500u, 503u})
        CHECK(after_attempt(fresh, result(start, status), 0).state == DeliveryState::failed);
    CHECK(after_attempt(fresh, result(start, 410), 0).state == DeliveryState::dead);
    const auto failed = after_attempt(fresh, result(start, 500), 0.5);
    CHECK(failed == DeliveryProgress{DeliveryState::failed, 1, start, start + 5 * second});
    CHECK(after_attempt(failed, result(start + 5 * second, 200), 0.5).state == DeliveryState::delivered);
    CHECK(after_attempt(failed, result(start + retry_window, 500), 0.5).state == DeliveryState::dead);
}

TEST_CASE("a receiver that asks for more time gets it, up to the end of the plan") {
    const auto fresh = replayed(start);
    CHECK(after_attempt(fresh, {start, 503, 2 * second}, 0.5).due_at == start + 5 * second);
    CHECK(after_attempt(fresh, {start, 503, 2 * hour}, 0.5).due_at == start + 2 * hour);
    const DeliveryProgress late{DeliveryState::failed, 9, start, start};
    CHECK(after_attempt(late, {start + 71 * hour, 503, 20 * hour}, 0.5).due_at == start + retry_window);
}

TEST_CASE("a replay begins the plan again") {
    CHECK(replayed(start + hour) == DeliveryProgress{DeliveryState::pending, 0, std::nullopt, start + hour});
}

TEST_CASE("Retry-After is read as seconds, at most a day") {
    CHECK(parse_retry_after("120") == 120 * second);
    CHECK(parse_retry_after(" 0 ") == 0);
    CHECK(parse_retry_after("9999999999") == 24 * hour);
    for (const auto* other : {"", "-1", "1.5", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999999"})
        CHECK_FALSE(parse_retry_after(other));
}

TEST_CASE("a webhook is disabled by 410, and by three days without success") {
    HookHealth health;
    health = after_attempt(health, result(start, 500));
    CHECK(health == HookHealth{start, std::nullopt});
    CHECK(after_attempt(health, result(start + hour, 410)) == HookHealth{start, DisabledReason::gone});
    CHECK(after_attempt(HookHealth{}, result(start, 410)).disabled == DisabledReason::gone);
    CHECK(after_attempt(health, result(start + retry_window - 1, 500)).disabled == std::nullopt);
    CHECK(after_attempt(health, result(start + retry_window, 500)).disabled == DisabledReason::failing);
    CHECK(after_attempt(health, result(start + hour, 200)) == HookHealth{});
}

TEST_CASE("a delivery that fails for three days and its webhook end together") {
    DeliveryProgress progress = replayed(start);
    HookHealth health;
    while (progress.state != DeliveryState::dead && progress.attempts < 100) {
        const auto failed = result(progress.due_at, 500);
        CHECK_FALSE(health.disabled);
        progress = after_attempt(progress, failed, 0.2);
        health = after_attempt(health, failed);
    }
    CHECK(health.disabled == DisabledReason::failing);
}

TEST_CASE("names of states and reasons are read as they are written") {
    using enum DeliveryState;
    for (const auto state : {pending, failed, delivered, dead}) CHECK(parse_delivery_state(name_of(state)) == state);
    CHECK_FALSE(parse_delivery_state(""));
    for (const auto reason : {DisabledReason::gone, DisabledReason::failing})
        CHECK(parse_disabled_reason(name_of(reason)) == reason);
    CHECK_FALSE(parse_disabled_reason("bored"));
}
