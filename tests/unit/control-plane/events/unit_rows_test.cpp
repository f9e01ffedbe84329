#include "control-plane/events/unit_rows.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "common/wire/sdk_events.hpp"

using namespace fanion;
using namespace fanion::cp::events;
using cp::access::EnvironmentId;

namespace {

constexpr UnixMillis that_noon = 1'763'719'200'000;
const std::string one(32, '1');
const std::string two(32, '2');

wire::ExposureEvent seen(std::string flag, std::string unit, UnixMillis at = that_noon) {
    return {"e_1", std::move(flag), "on", 3, std::move(unit), at};
}

wire::EventBatch unit_batch(std::vector<wire::ExposureEvent> exposures, std::vector<wire::MetricEvent> metrics = {}) {
    wire::EventBatch batch;
    batch.has_digests = true;
    batch.exposures = std::move(exposures);
    batch.metrics = std::move(metrics);
    return batch;
}

}  // namespace

TEST_CASE("rows refer to what they are of, and are in order of it and of the unit") {
    auto later = seen("b", one);
    later.exp = "x.1.1";
    later.by = "/org/id";
    later.attrs = R"({"plan":"pro"})";
    const auto rows = unit_rows_of(
        unit_batch({seen("b", one), seen("a", two), seen("a", one), later}, {{"e_1", "k", one, that_noon, "19.90"}}),
        that_noon);
    CHECK(rows.exposure_kinds == std::vector<ExposureKind>{{EnvironmentId("e_1"), "a", "on", 3, "", "targetingKey"},
                                                           {EnvironmentId("e_1"), "b", "on", 3, "", "targetingKey"},
                                                           {EnvironmentId("e_1"), "b", "on", 3, "x.1.1", "/org/id"}});
    CHECK(rows.exposures == std::vector<ExposureRow>{{0, one, that_noon, ""},
                                                     {0, two, that_noon, ""},
                                                     {1, one, that_noon, ""},
                                                     {2, one, that_noon, R"({"plan":"pro"})"}});
    CHECK(rows.metric_kinds == std::vector<MetricKind>{{EnvironmentId("e_1"), "k", "targetingKey"}});
    CHECK(rows.metrics == std::vector<MetricRow>{{0, one, that_noon, 19.9}});
    CHECK(rows.size() == 5);
}

TEST_CASE("what is too old has no row, and what is from the future is from now") {
    const auto rows = unit_rows_of(unit_batch({seen("a", one, that_noon - oldest_event - 1),
                                               seen("a", one, that_noon - oldest_event), seen("a", two, that_noon + 1)},
                                              {{"e_1", "k", one, 0, "1"}}),
                                   that_noon);
    CHECK(rows.old_exposures == 1);
    CHECK(rows.old_metrics == 1);
    CHECK(rows.metrics.empty());
    CHECK(rows.exposures == std::vector<ExposureRow>{{0, one, that_noon - oldest_event, ""}, {0, two, that_noon, ""}});
}

TEST_CASE("names of units are never stored") {
    auto batch = unit_batch({seen("a", "alice")});
    std::string digest;
    wire::append_unit_digest(digest, "targetingKey", "alice");
    CHECK(unit_rows_of(batch, that_noon).exposures[0].unit == digest);  // said to be a digest, and is none
    batch.has_digests = false;
    CHECK(unit_rows_of(batch, that_noon).exposures[0].unit == digest);
    batch.exposures[0].unit = one;
    CHECK(unit_rows_of(batch, that_noon).exposures[0].unit != one);
}

TEST_CASE("what the database could not hold is left out") {
    auto batch = unit_batch({seen("a", one)}, {{"e_1", "k", one, that_noon, "1e-400"}});
    batch.exposures[0].attrs = R"({"a":"\u0000"})";
    batch.exposures[0].version = std::numeric_limits<std::uint64_t>::max();
    const auto rows = unit_rows_of(batch, that_noon);
    CHECK(rows.exposures[0].attrs.empty());
    CHECK(rows.exposure_kinds[0].version == std::numeric_limits<std::int64_t>::max());
    CHECK(rows.metrics[0].value == 0);
    batch.exposures[0].attrs = R"({"a":"some-2000","b":[1,{"c":1e-20000}]})";
    CHECK(unit_rows_of(batch, noon).exposures[0].attrs.empty());
    batch.exposures[0].attrs = R"({"a":"some-20000","b":1e-3})";
    CHECK(unit_rows_of(batch, noon).exposures[0].attrs == batch.exposures[0].attrs);
}

TEST_CASE("the rows of several batches are those of one") {
    const auto first =
        unit_rows_of(unit_batch({seen("b", two), seen("c", one)}, {{"e_1", "k", two, that_noon, "1"}}), that_noon);
    const auto second =
        unit_rows_of(unit_batch({seen("a", one), seen("b", one)}, {{"e_1", "k", one, that_noon, "2"}}), that_noon);
    const auto both = join({&first, &second});
    const auto together =
        unit_rows_of(unit_batch({seen("b", two), seen("c", one), seen("a", one), seen("b", one)},
                                {{"e_1", "k", two, that_noon, "1"}, {"e_1", "k", one, that_noon, "2"}}),
                     that_noon);
    CHECK(both.exposure_kinds == together.exposure_kinds);
    CHECK(both.exposures == together.exposures);
    CHECK(both.metric_kinds == together.metric_kinds);
    CHECK(both.metrics == together.metrics);
    CHECK(join({}).size() == 0);
}
