#include "control-plane/events/rollup.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::events;
using cp::access::EnvironmentId;

namespace {

constexpr UnixMillis noon = 1'763'719'200'000;  // a whole minute

wire::CountEvent count(std::string env, std::string flag, std::uint64_t n, std::string reason = "SPLIT") {
    return {std::move(env), std::move(flag), "on", 3, std::move(reason), "python/1.2", n};
}

wire::EventBatch batch_of(std::vector<wire::CountEvent> counts, UnixMillis from = noon) {
    wire::EventBatch batch;
    batch.batch = "r.b.1";
    batch.relay = "eu-1a";
    batch.from = from;
    batch.to = from + 10'000;
    batch.counts = std::move(counts);
    return batch;
}

}  // namespace

TEST_CASE("equal labels are summed, and rows come in order of their labels") {
    const auto rows = roll_up(batch_of({count("e_2", "a", 1), count("e_1", "b", 2), count("e_1", "a", 3),
                                        count("e_1", "b", 4), count("e_1", "b", 5, "DEFAULT")}),
                              noon + 20'000);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0] == cp::events::CountRow{EnvironmentId("e_1"), "a", "on", 3, "SPLIT", "python/1.2", noon, 3});
    CHECK(rows[1] == cp::events::CountRow{EnvironmentId("e_1"), "b", "on", 3, "DEFAULT", "python/1.2", noon, 5});
    CHECK(rows[2] == cp::events::CountRow{EnvironmentId("e_1"), "b", "on", 3, "SPLIT", "python/1.2", noon, 6});
    CHECK(rows[3] == cp::events::CountRow{EnvironmentId("e_2"), "a", "on", 3, "SPLIT", "python/1.2", noon, 1});
}

TEST_CASE("rules have rows of their own") {
    auto by_rule = count("e_1", "a", 2);
    by_rule.rule = "r-1";
    auto by_other = count("e_1", "a", 4);
    by_other.rule = "r-2";
    const auto rows = roll_up(batch_of({by_other, by_rule, count("e_1", "a", 1), by_rule}), noon);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == cp::events::CountRow{EnvironmentId("e_1"), "a", "on", 3, "SPLIT", "python/1.2", noon, 1});
    CHECK(rows[1] == cp::events::CountRow{EnvironmentId("e_1"), "a", "on", 3, "SPLIT", "python/1.2", noon, 4, "r-1"});
    CHECK(rows[2] == cp::events::CountRow{EnvironmentId("e_1"), "a", "on", 3, "SPLIT", "python/1.2", noon, 4, "r-2"});
}

TEST_CASE("a batch belongs to the minute in which its window began, but never to the future") {
    struct Case {
        UnixMillis from;
        UnixMillis now;
        UnixMillis minute;
    };
    for (const auto& c :
         {Case{noon, noon + 10'000, noon}, Case{noon + 59'999, noon + 70'000, noon},
          Case{noon + 60'000, noon + 70'000, noon + 60'000}, Case{noon - 86'400'000, noon, noon - 86'400'000},
          Case{noon + 7'200'000, noon + 5, noon}, Case{0, noon, 0}}) {
        const auto rows = roll_up(batch_of({count("e_1", "a", 1)}, c.from), c.now);
        CHECK(rows.at(0).minute == c.minute);
    }
}

TEST_CASE("sums stop at the largest number that can be stored") {
    const auto most = std::numeric_limits<std::uint64_t>::max();
    const auto rows = roll_up(batch_of({count("e_1", "a", most), count("e_1", "a", most)}), noon);
    CHECK(rows.at(0).n == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("every environment must be granted; each that is not is named") {
    cp::keys::RelayIdentity identity;
    identity.env_ids = {EnvironmentId("e_1"), EnvironmentId("e_3")};
    identity.deleted_env_ids = {EnvironmentId("e_4")};
    CHECK(check_batch(batch_of({count("e_1", "a", 1), count("e_3", "a", 1), count("e_4", "a", 1)}), identity));
    const auto refused =
        check_batch(batch_of({count("e_1", "a", 1), count("e_2", "a", 1), count("", "a", 1)}), identity);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::unprocessable);
    REQUIRE(refused.error().findings.size() == 2);
    CHECK(refused.error().findings[0].pointer == "/counts/1/env");
    CHECK(refused.error().findings[1].pointer == "/counts/2/env");
    CHECK(refused.error().findings[0].code == "not_granted");
}

TEST_CASE("events of all kinds need an environment that the key grants") {
    cp::keys::RelayIdentity identity;
    auto batch = batch_of({});
    CHECK(check_batch(batch, identity));
    batch.exposures.emplace_back();
    batch.metrics.emplace_back();
    const auto refused = check_batch(batch, identity);
    REQUIRE_FALSE(refused);
    REQUIRE(refused.error().findings.size() == 2);
    CHECK(refused.error().findings[0].pointer == "/exposures/0/env");
    CHECK(refused.error().findings[1].pointer == "/metrics/0/env");
}
