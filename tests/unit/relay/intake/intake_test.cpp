// What workers put is taken once and in order, repeats are known, and what waits is bounded.

#include "relay/intake/intake.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "relay/intake/receipt.hpp"
#include "relay/intake/recent_exposures.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using namespace fanion::relay::intake;
using Put = Intake::Put;

namespace {

constexpr UnixMillis noon = 1'763'719'200'000;

wire::SdkEvents events_of(std::string_view batch, std::string exposures = "{}", std::string metrics = "") {
    wire::SdkEvents events;
    events.batch = batch;
    events.exposure_count = exposures.empty() ? 0 : 1;
    events.metric_count = metrics.empty() ? 0 : 1;
    events.exposures = std::move(exposures);
    events.metrics = std::move(metrics);
    return events;
}

}  // namespace

TEST_CASE("what is put together is taken together, and told when it is kept") {
    Intake intake;
    int wakes = 0;
    int told = 0;
    intake.on_put([&] { ++wakes; });
    CHECK_FALSE(intake.has_work());
    CHECK(intake.put("e_1", events_of("a", "1"), noon, [&] { ++told; }) == Put::taken);
    CHECK(intake.put("e_1", events_of("b", "2", "3"), noon + 5, [&] { ++told; }) == Put::taken);
    CHECK(intake.put_exposure("4", noon + 6));
    CHECK(wakes == 1);
    const auto taken = intake.take();
    CHECK(taken.exposures == "1,2,4");
    CHECK(taken.metrics == "3");
    CHECK(taken.exposure_count == 3);
    CHECK(taken.metric_count == 1);
    CHECK(taken.from == noon);
    CHECK(taken.to == noon + 6);
    CHECK(told == 0);
    for (const auto& done : taken.done) done();
    CHECK(told == 2);
    CHECK_FALSE(intake.has_work());
    CHECK(intake.take().empty());
}

TEST_CASE("a batch is known for ten minutes, in its environment") {
    Intake intake;
    CHECK(intake.put("e_1", events_of("a"), noon, {}) == Put::taken);
    CHECK(intake.put("e_1", events_of("a"), noon + RecentIds::kept_for - 1, {}) == Put::duplicate);
    CHECK(intake.put("e_2", events_of("a"), noon, {}) == Put::taken);
    CHECK(intake.take().exposure_count == 2);
    CHECK(intake.put("e_1", events_of("a"), noon + RecentIds::kept_for, {}) == Put::taken);
    CHECK(intake.put("e_1", events_of(""), noon, {}) == Put::taken);
    CHECK(intake.put("e_1", events_of(""), noon, {}) == Put::taken);
}

TEST_CASE("so many batches are known") {
    RecentIds ids;
    for (std::size_t i = 0; i <= RecentIds::most; ++i) ids.add(std::to_string(i), noon);
    CHECK_FALSE(ids.contains("0", noon));
    CHECK(ids.contains("1", noon));
    CHECK(ids.contains(std::to_string(RecentIds::most), noon));
}

TEST_CASE("what waits is bounded, and what found no room may come again") {
    Intake intake;
    int wakes = 0;
    intake.on_put([&] { ++wakes; });
    CHECK(intake.put("e", events_of("first"), noon, {}) == Put::taken);
    CHECK(wakes == 1);
    CHECK_FALSE(intake.has_batch());
    CHECK(intake.put("e", events_of("a", std::string(Intake::batch_bytes, 'x')), noon, {}) == Put::taken);
    CHECK(intake.has_batch());
    CHECK(wakes == 2);
    CHECK(intake.put("e", events_of("b", std::string(Intake::most_bytes, 'x')), noon, {}) == Put::full);
    CHECK_FALSE(intake.put_exposure(std::string(Intake::most_bytes, 'x'), noon));
    CHECK(intake.take().exposure_count == 2);
    CHECK(intake.put("e", events_of("b"), noon, {}) == Put::taken);
}

TEST_CASE("more than a control plane takes at once becomes several batches, in order") {
    Intake intake;
    int told = 0;
    const auto tell = [&] { ++told; };
    const std::string half(Intake::most_batch_bytes / 2, 'x');
    CHECK(intake.put("e", events_of("a", half), noon, tell) == Put::taken);
    CHECK(intake.put("e", events_of("b", "", half), noon + 1, tell) == Put::taken);
    CHECK(intake.put("e", events_of("c", half), noon + 2, tell) == Put::taken);
    CHECK(intake.put("e", events_of("a"), noon + 3, tell) == Put::duplicate);
    CHECK(intake.put("e", events_of("d", half + half + half), noon + 4, tell) == Put::taken);
    const auto first = intake.take();
    CHECK(first.bytes() == Intake::most_batch_bytes);
    CHECK(first.to == noon + 1);
    for (const auto& done : first.done) done();
    CHECK(told == 2);
    const auto second = intake.take();
    CHECK(second.exposures == half);
    CHECK(second.from == noon + 2);
    CHECK(second.done.size() == 2);
    CHECK(intake.take().exposures == half + half + half);  // one request is not divided
    CHECK_FALSE(intake.has_work());
    CHECK_FALSE(intake.has_batch());
    CHECK(intake.put("e", events_of("e", std::string(Intake::most_bytes, 'x')), noon, tell) == Put::taken);
}

TEST_CASE("a receipt is known on the worker after another thread has said so") {
    boost::asio::io_context context;
    Receipt none(context.get_executor());
    test::run_coroutine(context, none.wait());
    Receipt receipt(context.get_executor());
    std::thread other(receipt.notifier());
    test::run_coroutine(context, receipt.wait());
    other.join();
    std::function<void()> late;
    {
        Receipt left(context.get_executor());
        late = left.notifier();
    }
    late();  // nobody waits any more
    context.restart();
    context.run();
}

TEST_CASE("an exposure is new once, and again after two generations") {
    RecentExposures exposures;
    CHECK(exposures.add(7, noon));
    CHECK_FALSE(exposures.add(7, noon + 1));
    CHECK(exposures.add(0, noon));
    CHECK_FALSE(exposures.add(0, noon));
    CHECK_FALSE(exposures.add(7, noon + RecentExposures::generation));
    CHECK(exposures.add(8, noon + 2 * RecentExposures::generation));
    CHECK_FALSE(exposures.add(7, noon + 2 * RecentExposures::generation));
    CHECK(exposures.add(9, noon + 3 * RecentExposures::generation));
    CHECK(exposures.add(9'000, noon + 5 * RecentExposures::generation));
    CHECK(exposures.add(7, noon + 5 * RecentExposures::generation));
}

TEST_CASE("more exposures than there is room for are new again, and none is lost") {
    RecentExposures exposures;
    for (std::uint64_t i = 1; i <= 3 * RecentExposures::slots; ++i)
        REQUIRE(exposures.add(i * 0x9e3779b97f4a7c15U, noon));
}
