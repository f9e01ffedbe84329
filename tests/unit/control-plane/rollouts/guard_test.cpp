#include "control-plane/rollouts/guard.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp::rollouts;

TEST_CASE("durations") {
    constexpr UnixMillis hour = 3'600'000;
    const auto [text, span] = GENERATE_COPY(table<std::string, UnixMillis>(
        {{"90s", 90'000}, {"15m", 900'000}, {"1h", hour}, {"1d12h", 36 * hour}, {"30d", 720 * hour}, {"0s", 0}}));
    CHECK(parse_span(text) == span);
}

TEST_CASE("durations are written as they are read") {
    for (const auto* text : {"0s", "1m30s", "15m", "1h", "1d12h", "30d"}) CHECK(format_span(*parse_span(text)) == text);
    CHECK(format_span(*parse_span("90s")) == "1m30s");
    CHECK(format_span(*parse_span("24h")) == "1d");
}

TEST_CASE("what is no duration") {
    for (const auto* text : {"", "1", "m", "1x", "1m1h", "1m1m", "-1m", "1.5h", " 1m", "1m ", "31d", "99999999d",
                             "999999999s", "18446744073709551616s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_span(text));
    }
}

TEST_CASE("thresholds are passed, not reached") {
    CHECK_FALSE(is_over({true, 0.5}, 0.5));
    CHECK(is_over({true, 0.5}, 0.51));
    CHECK_FALSE(is_over({false, 0.5}, 0.5));
    CHECK(is_over({false, 0.5}, 0.49));
}

TEST_CASE("a breach settles in twice the shortest time over which the guard measures") {
    Guard guard;
    guard.measure = BurnRate{"main", "e", 0.999, 14.4, 3'600'000, 300'000};
    CHECK(settling_time(guard) == 600'000);
    guard.measure = Evaluations{true, {}, "ERROR", {}, 60'000, 1};
    CHECK(settling_time(guard) == 120'000);
    guard.measure = Query{"main", "q", {}};
    guard.lasting = 5'000;
    CHECK(settling_time(guard) == 10'000);
}
