#include "control-plane/quotas/bucket.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "control-plane/quotas/rate_table.hpp"

using namespace fanion::cp::quotas;

namespace {

constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds start = 1'000 * second;  // of the clock of a machine that has run for a while

}  // namespace

TEST_CASE("a full bucket admits its burst at once, and then its rate") {
    const Rate rate{10, 20};
    Nanoseconds full_at = 0;
    for (std::uint64_t left = 20; left-- > 0;) {
        const auto standing = take(full_at, rate, start);
        CHECK(standing.is_admitted);
        CHECK(standing.limit == 20);
        CHECK(standing.remaining == left);
        CHECK(standing.retry_after == 0);
    }
    auto refused = take(full_at, rate, start);
    CHECK_FALSE(refused.is_admitted);
    CHECK(refused.remaining == 0);
    CHECK(refused.reset == 2);
    CHECK(refused.retry_after == 1);
    CHECK_FALSE(take(full_at, rate, start + second / 10 - 1).is_admitted);
    CHECK(take(full_at, rate, start + second / 10).is_admitted);
    CHECK_FALSE(take(full_at, rate, start + second / 10).is_admitted);
    CHECK(look(full_at, rate, start + 10 * second).remaining == 20);
    CHECK(look(full_at, rate, start + 10 * second).reset == 0);
}

TEST_CASE("a slow rate says how long to wait") {
    Nanoseconds full_at = 0;
    const Rate rate{1, 1};
    CHECK(take(full_at, rate, start).is_admitted);
    CHECK(take(full_at, rate, start + second / 4).retry_after == 1);
    CHECK(take(full_at, rate, start + second).is_admitted);
}

TEST_CASE("over any time no more is admitted than the burst and the rate allow, and no less") {
    std::mt19937 random(7);
    const Rate rate{50, 30};
    Nanoseconds full_at = 0;
    Nanoseconds now = start;
    std::uint64_t admitted = 0;
    for (int i = 0; i < 200'000; ++i) {
        now += std::uniform_int_distribution<Nanoseconds>(0, second / 200)(random);  // four times the rate on average
        if (take(full_at, rate, now).is_admitted) ++admitted;
    }
    const auto allowed = 30 + static_cast<std::uint64_t>((now - start) / (second / 50));
    CHECK(admitted <= allowed);
    CHECK(admitted + 1 >= allowed);
}

TEST_CASE("a rate that is lowered leaves at most an empty bucket behind") {
    Nanoseconds full_at = 0;
    for (int i = 0; i < 1'000; ++i) take(full_at, Rate{1, 1'000}, start);
    const Rate fast{100, 10};
    CHECK_FALSE(take(full_at, fast, start).is_admitted);
    CHECK(take(full_at, fast, start + second / 100).is_admitted);
}

TEST_CASE("the largest rates do not overflow") {
    const Rate rate{1'000'000'000'000, 2'000'000'000'000};
    Nanoseconds full_at = 0;
    CHECK(take(full_at, rate, start).is_admitted);
    CHECK(take(full_at, rate, start).remaining < rate.burst);
}

TEST_CASE("callers in a table do not take from each other") {
    RateTable table(1'000);
    const Rate rate{1, 2};
    for (int round = 0; round < 2; ++round)
        for (std::uint64_t caller = 1; caller <= 200; ++caller)
            CHECK(table.take(caller * 7'919, rate, start).is_admitted);
    for (std::uint64_t caller = 1; caller <= 200; ++caller) {
        CHECK(table.look(caller * 7'919, rate, start).remaining == 0);
        CHECK_FALSE(table.take(caller * 7'919, rate, start).is_admitted);
    }
    CHECK(table.look(1, rate, start).remaining == 2);
    CHECK(table.take(0, rate, start).is_admitted);  // a hash like any other
}

TEST_CASE("a full table gives up the bucket that is the fullest") {
    RateTable table(4);  // one set
    const Rate rate{1, 10};
    for (std::uint64_t caller = 1; caller <= 4; ++caller)
        for (std::uint64_t i = 0; i < 2 * caller; ++i) table.take(caller, rate, start);
    CHECK(table.take(5, rate, start).remaining == 9);   // in the place of 1, which had 8 left
    CHECK(table.look(1, rate, start).remaining == 10);  // begins again
    CHECK(table.look(4, rate, start).remaining == 2);   // who took the most is remembered
    CHECK(table.take(5, rate, start + 1).remaining == 8);
}
