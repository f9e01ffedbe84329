// A kill between any two steps of sealing, a slow disk, two flushes at once.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <set>

#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/accounting/killed_process.hpp"

using namespace fanion;
using namespace fanion::relay::accounting;
using namespace fanion::relay::events;
using namespace fanion::test;
namespace fs = std::filesystem;

TEST_CASE("a kill between any two steps neither loses an evaluation nor reports one twice") {
    for (const auto& state : states) {
        INFO(state.name);
        test::TemporaryDirectory folder;
        state.make(folder);
        std::map<std::string, std::uint64_t> expected{{"a", 3}, {"b", 4}};
        std::set<std::string> known;
        if (state.was_delivered) {
            known.insert(sealed_id);
            expected.clear();
        }
        EventRecorder recorder(config_in(folder), system_clock, quiet);
        auto status = recorder.status();
        CHECK(status.accepted.counts == 7);
        CHECK(status.accepted.counts == status.delivered.counts + status.queued.counts);
        CHECK(recorder.spool().spool.queued().counts == status.queued.counts);
        CHECK(ship_all(recorder, known) == expected);
        status = recorder.status();
        CHECK(status.accepted.counts == 7);
        CHECK(status.delivered.counts == 7);
        CHECK(status.queued == relay::spool::Content{});
        CHECK(status.dropped.sum() == relay::spool::Content{});
    }
}

TEST_CASE("neither the control thread nor a worker waits while a flush waits for a slow disk") {
    const auto operation = GENERATE(test::DiskOperation::write, test::DiskOperation::sync);
    test::TemporaryDirectory folder;
    auto config = config_in(folder);
    config.batch_bytes = 1;
    EventRecorder recorder(config, system_clock, quiet);
    Counters counters(recorder.table(), 0);
    count(counters, "a", 0, 3);
    std::future<void> flushed;
    std::future<std::uint64_t> accepted;
    test::SlowDisk disk(operation);
    flushed = std::async(std::launch::async, [&] {
        recorder.flush();
        recorder.sync();
    });
    REQUIRE(disk.is_reached());
    accepted = std::async(std::launch::async, [&] {
        count(counters, "b", 1, 4);
        return recorder.wants_flush() ? recorder.status().accepted.counts : 0;
    });
    const bool went_on = accepted.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    disk.release();
    flushed.get();
    CHECK(went_on);
    CHECK(accepted.get() == 7);
}

TEST_CASE("the last flush may run beside an ordinary one") {
    test::TemporaryDirectory folder;
    const auto blocker = folder / "counters";
    std::ofstream(blocker) << "a file where the directory should be";
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    Counters counters(recorder.table(), 0);
    count(counters, "a", 0, 3);
    fs::remove(blocker);
    fs::create_directory(blocker);
    auto ordinary = std::async(std::launch::async, [&] {
        for (int i = 0; i < 20; ++i) {
            recorder.flush();
            recorder.sync();
        }
    });
    recorder.end();
    ordinary.get();
    CHECK(recorder.status().counters_on_disk);
    CHECK(recorder.status().queued.counts == 3);
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 3}});
}
