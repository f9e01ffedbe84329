#include "relay/forward/parts.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "tests/support/seed.hpp"

using namespace fanion;
using namespace fanion::relay::forward;

namespace {

wire::EventBatch make_batch(std::size_t counts, std::size_t exposures = 0, std::size_t metrics = 0) {
    wire::EventBatch batch;
    batch.batch = "r.b.1";
    batch.relay = "eu";
    batch.dropped = {7, 0, 0};
    for (std::size_t i = 0; i < counts; ++i) {
        wire::CountEvent event;
        event.flag = "flag-" + std::to_string(i);
        event.n = i + 1;
        batch.counts.push_back(event);
    }
    for (std::size_t i = 0; i < exposures; ++i) {
        wire::ExposureEvent event;
        event.unit = "unit-" + std::to_string(i);
        batch.exposures.push_back(event);
    }
    for (std::size_t i = 0; i < metrics; ++i) {
        wire::MetricEvent event;
        event.key = "metric-" + std::to_string(i);
        batch.metrics.push_back(event);
    }
    return batch;
}

}  // namespace

TEST_CASE("next_part() visits the parts from left to right") {
    CHECK(next_part("0") == "1");
    CHECK(next_part("1").empty());
    CHECK(next_part("00") == "01");
    CHECK(next_part("01") == "1");
    CHECK(next_part("011") == "1");
    CHECK(next_part("10") == "11");
    CHECK(next_part("111").empty());
    CHECK(next_part("").empty());
}

TEST_CASE("a batch is halved repeatedly, and each part has an id of its own") {
    const auto batch = make_batch(5);
    CHECK(part_of(batch, "").counts == batch.counts);
    CHECK(part_of(batch, "").batch == "r.b.1");
    CHECK(part_of(batch, "0").counts.size() == 3);
    CHECK(part_of(batch, "1").counts.size() == 2);
    CHECK(part_of(batch, "01").counts.front().flag == "flag-2");
    CHECK(part_of(batch, "01").batch == "r.b.1.01");
    CHECK(part_of(batch, "01").part == "01");
    CHECK(part_of(batch, "01").whole_id() == "r.b.1");
    CHECK(part_of(batch, "").part.empty());
    CHECK(part_of(batch, "0").dropped.counts == 7);
    CHECK(part_of(batch, "00").dropped.counts == 7);
    CHECK(part_of(batch, "1").dropped.counts == 0);
    CHECK_FALSE(part_of(batch, "1").has_digests);
    CHECK(first_half(batch, "") == "0");
    CHECK(first_half(batch, "0") == "00");
    CHECK_FALSE(first_half(batch, "01").has_value());
    CHECK_FALSE(first_half(make_batch(1), "").has_value());
    CHECK_FALSE(first_half(make_batch(0), "").has_value());
}

TEST_CASE("units of a part are digests where those of the batch are") {
    auto batch = make_batch(0, 2, 2);
    batch.has_digests = true;
    CHECK(part_of(batch, "0").has_digests);
    CHECK(part_of(batch, "11").has_digests);
}

TEST_CASE("a relay above divides a part as the relay below would have") {
    const auto batch = make_batch(13, 4, 3);
    for (const char* part : {"0", "1", "10", "011"}) {
        const auto below = part_of(batch, part);
        CHECK(part_of(below, "") == below);
        for (const char* of_part : {"0", "1", "01"})
            CHECK(part_of(below, of_part) == part_of(batch, std::string(part) + of_part));
    }
}

TEST_CASE("no part has a longer path than the control plane takes") {
    auto batch = make_batch(8);
    batch.part = std::string(wire::most_halvings - 2, '0');
    batch.batch += '.' + batch.part;
    CHECK(first_half(batch, "") == "0");
    CHECK(first_half(batch, "0") == "00");
    CHECK_FALSE(first_half(batch, "00").has_value());
}

TEST_CASE("however a batch is split, its parts together hold each row once") {
    std::mt19937 random(test::seed_or(7));
    for (int round = 0; round < 200; ++round) {
        const auto batch = make_batch(random() % 20, random() % 5, random() % 5);
        wire::EventBatch together;
        std::set<std::string> ids;
        std::string part;
        do {
            const auto half = first_half(batch, part);
            if (half && random() % 2 == 0) {  // "too large"
                part = *half;
                continue;
            }
            const auto cut = part_of(batch, part);
            CHECK(ids.insert(cut.batch).second);
            together.counts.insert(together.counts.end(), cut.counts.begin(), cut.counts.end());
            together.exposures.insert(together.exposures.end(), cut.exposures.begin(), cut.exposures.end());
            together.metrics.insert(together.metrics.end(), cut.metrics.begin(), cut.metrics.end());
            together.dropped.counts += cut.dropped.counts;
            part = next_part(part);
        } while (!part.empty());
        CHECK(together.counts == batch.counts);
        CHECK(together.exposures == batch.exposures);
        CHECK(together.metrics == batch.metrics);
        CHECK(together.dropped == batch.dropped);
    }
}
