#include "common/cli/capacity.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "common/cli/capacity_figures.hpp"

using namespace fanion::cli;

namespace {

// A load of which every sum can be done by hand.
Demand plain() {
    Demand demand;
    demand.requests = 32'689;  // one core
    demand.streams = 0;
    demand.environments = 1;
    demand.flags = 10'000;
    demand.changes = 0;
    demand.exposures = 0;
    demand.metrics = 0;
    demand.series = 100;
    demand.cores = 1;
    demand.utilisation = 100;
    return demand;
}

}  // namespace

TEST_CASE("relays are counted by what the processor can do, and there are two") {
    auto demand = plain();
    auto need = estimate(demand);
    CHECK(need.relay.evaluation_cores == Approx(1));
    CHECK(need.relay.by_processor == 1);
    CHECK(need.relay.count == 2);
    demand.requests *= 6;
    demand.utilisation = 50;
    need = estimate(demand);
    CHECK(need.relay.by_processor == 12);
    CHECK(need.relay.count == 12);
    demand.tls = true;  // a third less
    CHECK(estimate(demand).relay.by_processor == 18);
    demand.cores = 4;
    CHECK(estimate(demand).relay.by_processor == 5);
}

TEST_CASE("events and changes need cores too") {
    auto demand = plain();
    demand.requests = 0;
    demand.exposures = 300'000;
    demand.metrics = 206'000;  // 5,060 requests with 100
    CHECK(estimate(demand).relay.exposure_cores == Approx(1));
    demand.streams = 10'000;
    demand.changes = 86'400;  // one a second, each 228 ms
    CHECK(estimate(demand).relay.fan_out_cores == Approx(0.228));
}

TEST_CASE("relays are counted by their streams, or as many as there are to be") {
    auto demand = plain();
    demand.requests = 0;
    demand.streams = 25'001;
    CHECK(estimate(demand).relay.by_streams == 3);
    CHECK(estimate(demand).relay.count == 3);
    demand.streams_per_relay = 5'000;
    CHECK(estimate(demand).relay.count == 6);
    demand.relays = 40;
    CHECK(estimate(demand).relay.count == 40);
}

TEST_CASE("the memory of a relay is that of its rulesets and streams") {
    auto demand = plain();
    demand.requests = 0;
    const double rest = 14.0 * 1024 * 1024 + 4.9e6 * 3.83;
    CHECK(estimate(demand).relay.memory == Approx(rest));
    demand.environments = 3;
    demand.streams = 20'000;
    const double rulesets = 14.0 * 1024 * 1024 + 3 * 4.9e6 * 3.83;
    CHECK(estimate(demand).relay.memory == Approx(rulesets + 10'000 * 6.0 * 1024));
    demand.tls = true;
    CHECK(estimate(demand).relay.memory == Approx(rulesets + 10'000 * 20.2 * 1024));
}

TEST_CASE("parents are added where more relays than one can feed follow") {
    auto demand = plain();
    demand.requests = 0;
    demand.streams = 2'000;
    auto tree = estimate(demand).tree;
    CHECK(tree.parents.empty());
    // The write, two streams of the control plane, the delta, a thousand streams of SDKs.
    CHECK(tree.reach == Approx(4.4 + 2 * 0.03 + 26 + 1'000 * 0.0228));
    demand.relays = 2'500;
    tree = estimate(demand).tree;
    CHECK(tree.parents == std::vector<double>{3});
    CHECK(tree.reach == Approx(4.4 + 3 * 0.03 + 26 + 834 * 0.0228 + 26 + 1 * 0.0228));
    demand.relays = 2'500'000;
    CHECK(estimate(demand).tree.parents == std::vector<double>{3, 2'500});
    demand.fan_out = 2;
    demand.relays = 9;
    CHECK(estimate(demand).tree.parents == std::vector<double>{2, 3, 5});
}

TEST_CASE("control planes are counted by batches, events and the relays next to them") {
    auto demand = plain();
    demand.series = 400;  // in ten seconds, of each of two relays
    auto control = estimate(demand).control;
    CHECK(control.counts == Approx(80));
    CHECK(control.batches == Approx(0.2));
    CHECK(control.count == 2);
    demand.series = 20'001;  // three batches, with at most 10,000 each
    CHECK(estimate(demand).control.batches == Approx(0.6));
    demand.flush_interval = 60'000;
    CHECK(estimate(demand).control.counts == Approx(20'001 * 2 / 60.0));
    demand.requests = 1'142'001;
    demand.cores = 100;
    demand.series = 1e9;  // each evaluation has labels of its own; 114,200 counts a second for one
    CHECK(estimate(demand).control.by_batches == 11);
    demand = plain();
    demand.series = 1;
    demand.relays = 11'420;  // a batch in ten seconds: 1,142 a second
    demand.fan_out = 20'000;
    control = estimate(demand).control;
    CHECK(control.by_batches == 2);
    CHECK(control.by_relays == 12);
    CHECK(control.count == 12);
    demand = plain();
    demand.exposures = 3 * 142'750;
    CHECK(estimate(demand).control.by_units == 3);
}

TEST_CASE("PostgreSQL's rows and bytes") {
    auto demand = plain();
    demand.changes = 10;
    demand.exposures = 2;
    demand.metrics = 1;
    demand.retention_days = 30;
    demand.counts_days = 400;
    const auto need = estimate(demand);
    REQUIRE(need.tables.size() == 5);
    const auto& counts = need.tables[0];
    CHECK(counts.rows == 144'000);
    CHECK(counts.bytes == 144'000.0 * 429);
    // Two relays with all 100 label sets in a batch every ten seconds.
    CHECK(counts.log == Approx(144'000.0 * 678 + (20.0 * 86'400 - 144'000) * 150));
    CHECK(counts.kept == 100.0 * (2 * 1'440 + 88 * 24 + 310) * 429);
    const auto& exposures = need.tables[2];
    CHECK(exposures.rows == 172'800);
    CHECK(exposures.kept == 172'800.0 * 181 * 30);
    CHECK(need.tables[3].kept == 86'400.0 * 166 * 30);
    CHECK(need.tables[4].bytes == 69'140);
    double kept = 0;
    for (const auto& table : need.tables) kept += table.kept;
    CHECK(need.total.kept == kept);
    demand.counts_days = 1;
    CHECK(estimate(demand).tables[0].kept == 144'000.0 * 429);
    demand.counts_days = 90;
    CHECK(estimate(demand).tables[0].kept == 100.0 * (2 * 1'440 + 88 * 24) * 429);
}

TEST_CASE("an estimate of nothing is the least that runs") {
    Demand none;
    none.requests = none.streams = none.changes = none.exposures = none.metrics = none.flags = none.relays = 0;
    none.retention_days = none.counts_days = 0;
    const auto need = estimate(none);
    CHECK(need.relay.count == 2);
    CHECK(need.control.count == 2);
    CHECK(need.tables[0].kept == 0);
    CHECK(need.tree.reach > 0);
}

TEST_CASE("numbers are printed for people") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999.6) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
    CHECK(grouped(123) == "123");
    CHECK(in_bytes(999) == "999 bytes");
    CHECK(in_bytes(999.97) == "1.0 kB");
    CHECK(in_bytes(1'234'567) == "1.2 MB");
    CHECK(in_bytes(5e13) == "50.0 TB");
    CHECK(in_bytes(1e30) == "1000000000000.0 EB");
}

TEST_CASE("each figure has a name of its own, and says where it stands") {
    for (const auto& figure : figures::all) {
        CHECK(figure.value > 0);
        CHECK_FALSE(std::string_view(figure.source).empty());
        int same = 0;
        for (const auto& other : figures::all) same += std::string_view(other.name) == figure.name;
        CHECK(same == 1);
    }
}
