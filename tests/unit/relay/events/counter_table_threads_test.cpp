// What may run beside the drainer of a counter table. Also run under ThreadSanitizer.

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/events/counting.hpp"

using namespace fanion;
using namespace fanion::relay::events;
using namespace fanion::test;
namespace fs = std::filesystem;

namespace {

// Long enough for a loaded machine; a thread that waits for the disk waits until the test releases it.
constexpr std::chrono::seconds patience{20};

struct Seen {
    std::uint64_t accepted = 0;
    bool has_unsealed = false;
    bool is_on_disk = false;
};

// Everything that a worker or the control thread may ask.
Seen use_as_others_do(CounterTable& table) {
    Counters worker(table, 1);
    worker.count(flag_of(2), 3);
    worker.count(unknown_flag("unknown"));
    return {table.accepted(), table.unsealed_bytes() > 0, table.is_on_disk()};
}

// Runs `drain` on a thread of its own until it waits for the disk, and the others' calls meanwhile.
template <class Drain>
Seen use_while_disk_is_slow(CounterTable& table, DiskOperation operation, Drain drain) {
    std::future<void> drained;
    std::future<Seen> seen;
    SlowDisk disk(operation);
    drained = std::async(std::launch::async, drain);
    REQUIRE(disk.is_reached());
    seen = std::async(std::launch::async, [&table] { return use_as_others_do(table); });
    const bool went_on = seen.wait_for(patience) == std::future_status::ready;
    disk.release();
    drained.get();
    CHECK(went_on);
    return seen.get();
}

}  // namespace

TEST_CASE("workers and the control thread do not wait while the ledger is written to a slow disk") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path(), 2), start, quiet);
    Counters counters(table, 0);
    counters.count(flag_of(1), 5);

    SECTION("when a batch is sealed") {
        const auto seen =
            use_while_disk_is_slow(table, DiskOperation::write, [&] { table.seal("r.b.1", start, 1 << 20, {}); });
        CHECK(seen.accepted == 9);
        CHECK(seen.has_unsealed);
        CHECK(seen.is_on_disk);
    }
    SECTION("when it is applied") {
        REQUIRE(table.seal("r.b.1", start, 1 << 20, {}));
        const auto seen = use_while_disk_is_slow(table, DiskOperation::write, [&] { table.apply(); });
        CHECK(seen.accepted == 9);
        CHECK(table.sealed() == 5);
    }
    SECTION("when it is synced") {
        CHECK(use_while_disk_is_slow(table, DiskOperation::sync, [&] { table.sync(); }).accepted == 9);
    }
}

TEST_CASE("workers and the control thread do not wait while a slow disk creates the next file") {
    test::TemporaryDirectory folder;
    const auto directory = folder / "counters";
    std::ofstream(directory) << "a file where the directory should be";
    CounterTable table(table_config(directory, 2), start, quiet);
    Counters counters(table, 0);
    counters.count(flag_of(1), 5);
    fs::remove(directory);
    fs::create_directory(directory);
    std::future<void> prepared;
    SlowDisk disk(DiskOperation::reserve);
    prepared = std::async(std::launch::async, [&] { table.prepare_files(); });
    REQUIRE(disk.is_reached());
    auto accepted = std::async(std::launch::async, [&] {
        counters.count(flag_of(1), 2);
        return table.is_on_disk() || table.unsealed_bytes() == 0 ? 0 : table.accepted();
    });
    const bool went_on = accepted.wait_for(patience) == std::future_status::ready;
    disk.release();
    prepared.get();
    CHECK(went_on);
    CHECK(accepted.get() == 7);
}

TEST_CASE("a sync may run beside a drainer that reopens the ledger") {
    test::TemporaryDirectory folder;
    const auto directory = folder / "counters";
    std::ofstream(directory) << "a file where the directory should be";
    CounterTable table(table_config(directory), start, quiet);
    Counters counters(table, 0);
    fs::remove(directory);
    fs::create_directory(directory);
    auto synced = std::async(std::launch::async, [&] {
        for (int i = 0; i < 50; ++i) table.sync();
    });
    counters.count(flag_of(1), 5);
    table.prepare_files();
    counters.count(flag_of(1), 2);
    CHECK(drain(table) == ByFlag{{"flag-1", 7}});
    synced.get();
    CHECK(table.is_on_disk());
}

TEST_CASE("the accepted evaluations never decrease while files are drained and removed") {
    test::TemporaryDirectory folder;
    auto config = table_config(folder.path());
    config.shard = {100, 64 * 1024};
    CounterTable table(config, start, quiet);
    auto counted = std::async(std::launch::async, [&] {
        Counters counters(table, 0);
        for (std::size_t i = 0; i < 5'000; ++i) counters.count(flag_of(i));
    });
    std::atomic<bool> drained = false;
    auto watched = std::async(std::launch::async, [&] {
        std::uint64_t decreases = 0;
        std::uint64_t before = 0;
        while (!drained) {
            const auto now = table.accepted();
            decreases += now < before ? 1 : 0;
            before = now;
        }
        return decreases;
    });
    ByFlag sums;
    while (counted.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        table.prepare_files();
        for (const auto& [flag, n] : drain(table)) sums[flag] += n;
    }
    counted.get();
    drained = true;
    CHECK(watched.get() == 0);
    table.end_all_files();
    for (const auto& [flag, n] : drain(table)) sums[flag] += n;
    CHECK(sums.size() == 5'000);
    CHECK(table.accepted() == 5'000);
    CHECK(table.sealed() == 5'000);
}
