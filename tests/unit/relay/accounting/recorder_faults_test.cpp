// Event files that are damaged, removed, or on a disk that fails.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/accounting/killed_process.hpp"

using namespace fanion;
using namespace fanion::relay::accounting;
using namespace fanion::relay::events;
using namespace fanion::test;
namespace fs = std::filesystem;

TEST_CASE("evaluations of spool files that were lost are counted as dropped") {
    test::TemporaryDirectory folder;
    {
        Killed killed(folder);
        killed.seal();
        killed.append();
        killed.table.apply();
    }
    for (const auto& entry : fs::directory_iterator(folder / "spool")) {
        if (entry.path().extension() == ".spool") fs::remove(entry.path());
    }
    const auto status = EventRecorder(config_in(folder), system_clock, quiet).status();
    CHECK(status.accepted.counts == 7);
    CHECK(status.dropped[relay::spool::DropReason::damaged].counts == 7);
    CHECK(status.queued == relay::spool::Content{});
}

TEST_CASE("the totals stay consistent when the ledger or the cursor is lost") {
    const auto gone = GENERATE(std::string("counters/ledger"), std::string("spool/cursor"));
    test::TemporaryDirectory folder;
    {
        Killed killed(folder);
        killed.seal();
        killed.append();
        killed.table.apply();
        count(killed.counters, "a", 0, 5);
    }
    fs::remove(folder / gone);
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    const auto status = recorder.status();
    CHECK(status.accepted.counts == 12);
    CHECK(status.queued.counts == 12);
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 8}, {"b", 4}});
}

TEST_CASE("while no segment can be written, one batch is sealed at a time and nothing is lost") {
    test::TemporaryDirectory folder;
    { std::ofstream(folder / "spool") << "a file where the directory should be"; }
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    Counters counters(recorder.table(), 0);
    for (int i = 0; i < 3; ++i) {
        count(counters, "a", 0, 1);
        recorder.flush();
    }
    CHECK(recorder.status().batches == 1);
    CHECK_FALSE(recorder.status().spool_on_disk);
    CHECK(recorder.status().queued.counts == 3);
    fs::remove(folder / "spool");
    recorder.flush();
    CHECK(recorder.status().spool_on_disk);
    CHECK(recorder.status().batches == 2);
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 3}});
    CHECK(recorder.status().delivered.counts == 3);
}

TEST_CASE("without its name in the ledger no batch is made, so a kill cannot have it made twice") {
    test::TemporaryDirectory folder;
    {
        Killed killed(folder);
        const test::FailingWrites failing("ledger");
        killed.seal();
        CHECK_FALSE(killed.sealed);
        CHECK_FALSE(killed.table.is_pending());
        if (killed.sealed) killed.append();
    }
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 3}, {"b", 4}});
    CHECK(recorder.status().accepted.counts == 7);
    CHECK(recorder.status().delivered.counts == 7);
}

TEST_CASE("a batch that the ledger still names when its slots are marked is counted once") {
    const bool others_follow = GENERATE(false, true);
    CAPTURE(others_follow);
    test::TemporaryDirectory folder;
    std::set<std::string> known;
    std::map<std::string, std::uint64_t> sums;
    {
        Killed killed(folder);
        killed.seal();
        killed.append();
        killed.deliver();
        known.insert(sealed_id);
        for (const auto& event : killed.sealed->counts) sums[event.flag] += event.n;
        const test::FailingWrites failing("ledger");
        killed.table.apply();
        count(killed.counters, "a", 0, 5);
        CHECK_FALSE(killed.table.seal("relay.boot.2", system_clock.now(), 1 << 20, {}));
        if (others_follow) {  // the last that was settled is another one
            wire::EventBatch batch;
            batch.batch = "relay.boot.3";
            batch.relay = "relay";
            killed.spool.append("relay.boot.3", {0, 1, 0}, to_json(batch));
            killed.deliver();
        }
    }
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    CHECK(recorder.status().accepted.counts == 12);
    for (const auto& [flag, n] : ship_all(recorder, known)) sums[flag] += n;
    CHECK(sums == std::map<std::string, std::uint64_t>{{"a", 8}, {"b", 4}});
    CHECK(recorder.status().accepted.counts == 12);
    CHECK(recorder.status().delivered.counts == 12);
    CHECK(recorder.status().dropped.sum() == relay::spool::Content{});
}

TEST_CASE(
    "a batch that was delivered from memory waits for the cursor, so a kill does not have it counted as dropped") {
    test::TemporaryDirectory folder;
    {
        Killed killed(folder);
        killed.seal();
        {
            const test::FailingWrites failing(".spool");
            killed.append();
        }
        {
            const test::FailingWrites failing("cursor");
            killed.deliver();
            CHECK(killed.spool.is_only_in_memory(sealed_id));
            if (!killed.spool.is_only_in_memory(sealed_id)) killed.table.apply();  // as the recorder does
        }
    }
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    CHECK(ship_all(recorder, {sealed_id}).empty());  // known there by its id
    CHECK(recorder.status().accepted.counts == 7);
    CHECK(recorder.status().delivered.counts == 7);
    CHECK(recorder.status().dropped.sum() == relay::spool::Content{});
}

TEST_CASE("the next batch is sealed once the cursor could be stored") {
    test::TemporaryDirectory folder;
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    Counters counters(recorder.table(), 0);
    count(counters, "a", 0, 2);
    {
        const test::FailingWrites failing(".spool");
        recorder.flush();
    }
    auto& spool = recorder.spool();
    {
        const test::FailingWrites failing("cursor");
        REQUIRE(spool.spool.front());
        spool.spool.settle(relay::spool::Spool::Outcome::delivered);
        spool.on_settled();
        count(counters, "a", 0, 3);
        recorder.flush();
        CHECK(recorder.status().batches == 0);
        CHECK(recorder.status().queued.counts == 3);
    }
    recorder.flush();
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 3}});
    CHECK(recorder.status().delivered.counts == 5);
}

TEST_CASE("counts wait while the ledger cannot be written, and are sealed once it can") {
    test::TemporaryDirectory folder;
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    Counters counters(recorder.table(), 0);
    {
        const test::FailingWrites failing("ledger");
        count(counters, "a", 0, 2);
        recorder.flush();
        count(counters, "a", 0, 3);
        recorder.flush();
        CHECK(recorder.status().batches == 0);
        CHECK(recorder.status().queued.counts == 5);
    }
    recorder.flush();
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"a", 5}});
    CHECK(recorder.status().delivered.counts == 5);
}

TEST_CASE("a start on a read-only disk that is writable later counts every evaluation once") {
    const auto state = GENERATE(range(std::size_t{0}, states.size()));
    const bool is_unreadable = GENERATE(false, true);
    INFO(states[state].name);
    CAPTURE(is_unreadable);
    test::TemporaryDirectory folder;
    states[state].make(folder);  // 7 evaluations
    const auto config = config_in(folder);
    std::optional<test::ReadOnlyDisk> read_only;
    if (is_unreadable) {  // as when a volume is mounted too late
        fs::rename(folder / "counters", folder / "counters.away");
        fs::rename(folder / "spool", folder / "spool.away");
        for (const auto* name : {"counters", "spool"}) std::ofstream(folder / name) << "a file";
    } else {
        read_only.emplace();
    }
    std::set<std::string> known;
    std::map<std::string, std::uint64_t> expected{{"a", 3}, {"b", 4}};
    if (states[state].was_delivered) {
        known.insert(sealed_id);
        expected.clear();
    }
    expected["c"] = 5;
    const auto check_totals = [](const EventRecorder& recorder) {
        const auto status = recorder.status();
        CHECK(status.accepted.counts == status.delivered.counts + status.dropped.sum().counts + status.queued.counts);
        CHECK(status.queued.counts <= 12);
    };
    {
        EventRecorder recorder(config, system_clock, quiet);
        check_totals(recorder);
        Counters counters(recorder.table(), 0);
        count(counters, "c", 2, 5);
        recorder.flush();
        check_totals(recorder);
        auto sums = ship_all(recorder, known);
        check_totals(recorder);
        CHECK_FALSE(recorder.status().counters_on_disk);
        read_only.reset();
        if (is_unreadable) {
            for (const auto* name : {"counters", "spool"}) {
                fs::remove(folder / name);
                fs::rename(folder / (std::string(name) + ".away"), folder / name);
            }
        }
        recorder.flush();
        check_totals(recorder);
        CHECK(recorder.status().spool_on_disk);
        for (const auto& [flag, n] : ship_all(recorder, known)) sums[flag] += n;
        CHECK(sums == expected);
        CHECK(recorder.status().accepted.counts == 12);
        CHECK(recorder.status().delivered.counts == 12);
        count(counters, "c", 2, 1);
        recorder.end();
    }
    EventRecorder next(config, system_clock, quiet);
    CHECK(next.status().accepted.counts == 13);
    CHECK(next.status().queued.counts == 1);
}

TEST_CASE("a directory that is removed under the running relay is made again, and its totals go on") {
    test::TemporaryDirectory folder;
    {
        EventRecorder recorder(config_in(folder), system_clock, quiet);
        Counters counters(recorder.table(), 0);
        count(counters, "a", 0, 3);
        recorder.flush();
        fs::remove_all(folder / "counters");
        fs::remove_all(folder / "spool");
        recorder.flush();
        count(counters, "a", 0, 4);
        recorder.flush();
        CHECK(recorder.status().queued.counts == 7);
        CHECK(recorder.status().spool_on_disk);
        CHECK(recorder.status().counters_on_disk);
    }
    EventRecorder next(config_in(folder), system_clock, quiet);
    CHECK(next.status().accepted.counts == 7);
    CHECK(ship_all(next, {}) == std::map<std::string, std::uint64_t>{{"a", 7}});
    CHECK(next.status().dropped.sum() == relay::spool::Content{});
}

TEST_CASE("unsealed counts that a damaged counter file loses are counted as dropped") {
    test::TemporaryDirectory folder;
    { const Killed killed(folder); }
    for (const auto& entry : fs::directory_iterator(folder / "counters")) {
        if (entry.path().extension() != ".counts") continue;
        auto file = ShardFile::open(entry.path().string()).value();
        file->slot(0).label_offset ^= 1;  // flag a: 3
    }
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    const auto status = recorder.status();
    CHECK(status.accepted.counts == 7);
    CHECK(status.dropped[relay::spool::DropReason::damaged].counts == 3);
    CHECK(status.queued.counts == 4);
    CHECK(status.damaged_files == 1);
    CHECK(ship_all(recorder, {}) == std::map<std::string, std::uint64_t>{{"b", 4}});
}

TEST_CASE("a sync that fails is counted") {
    test::TemporaryDirectory folder;
    EventRecorder recorder(config_in(folder), system_clock, quiet);
    recorder.sync();
    CHECK(recorder.status().sync_failures == 0);
    {
        const test::FailingSync failing;
        recorder.sync();
    }
    CHECK(recorder.status().sync_failures == 1);
    recorder.sync();
    CHECK(recorder.status().sync_failures == 1);
}
