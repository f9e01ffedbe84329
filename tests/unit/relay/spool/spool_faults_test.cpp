// Files of the spool that are damaged, removed, or on a disk that fails.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "tests/support/catch_result.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/spool/spooling.hpp"

using namespace fanion;
using namespace fanion::relay::spool;
using namespace fanion::test;
namespace fs = std::filesystem;
using Outcome = Spool::Outcome;

TEST_CASE("a torn tail is truncated and the records before it are kept") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        append(spool, 1);
        append(spool, 2);
    }
    const auto path = segments_in(config).front();
    const auto size = fs::file_size(path);
    fs::resize_file(path, size - 1);
    Spool spool(config, quiet);
    CHECK(spool.batches() == 1);
    CHECK(spool.damaged_files() == 1);
    append(spool, 3);
    CHECK(drain(spool) == std::vector<std::string>{id_of(1), id_of(3)});
}

TEST_CASE("a batch that cannot be read back is dropped as damaged") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    Spool spool(config, quiet);
    append(spool, 1);
    append(spool, 2, 40);
    const auto path = segments_in(config).front();
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.put('!');
    file.close();
    CHECK(drain(spool) == std::vector<std::string>{id_of(2)});
    CHECK(spool.dropped()[DropReason::damaged].counts == 1);
    CHECK(accounted(spool) == 3);
}

TEST_CASE("while the disk cannot be written the spool is a bounded queue in memory") {
    test::TemporaryDirectory folder;
    auto config = config_in(folder);
    std::ofstream(folder / "spool") << "a file where the directory should be";
    Spool spool(config, quiet);
    CHECK_FALSE(spool.is_on_disk());
    for (int i = 1; i <= 10; ++i) append(spool, i, 9'000);
    CHECK(spool.is_only_in_memory(id_of(10)));
    CHECK(spool.dropped()[DropReason::spool_full].counts == 1 + 2 + 3);  // 64 KiB hold seven
    CHECK(spool.front()->id == id_of(4));
    CHECK(accounted(spool) == 55);

    fs::remove(folder / "spool");
    spool.retry_disk();
    CHECK(spool.is_on_disk());
    CHECK_FALSE(spool.is_only_in_memory(id_of(10)));
    CHECK(accounted(spool) == 55);
    append(spool, 11);
    CHECK(drain(spool) ==
          std::vector<std::string>{id_of(4), id_of(5), id_of(6), id_of(7), id_of(8), id_of(9), id_of(10), id_of(11)});
    CHECK(accounted(spool) == 66);
}

TEST_CASE("in memory, batches without counts make room first") {
    test::TemporaryDirectory folder;
    auto config = config_in(folder);
    std::ofstream(folder / "spool") << "a file where the directory should be";
    Spool spool(config, quiet);
    append(spool, 1, 9'000);
    for (int i = 2; i <= 10; ++i) spool.append(id_of(i), {0, 1, 0}, body_of(i, 9'000));
    CHECK(spool.dropped()[DropReason::spool_full] == Content{0, 3, 0});  // 64 KiB hold seven
    CHECK(drain(spool) ==
          std::vector<std::string>{id_of(1), id_of(5), id_of(6), id_of(7), id_of(8), id_of(9), id_of(10)});
}

TEST_CASE("after the cursor is lost, what is still on disk is sent again") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        append(spool, 1);
        append(spool, 2);
        spool.front();
        spool.settle(Outcome::delivered);
    }
    fs::remove(config.directory + "/cursor");
    Spool spool(config, quiet);
    CHECK_FALSE(spool.had_cursor());
    CHECK(drain(spool) == std::vector<std::string>{id_of(1), id_of(2)});
}

TEST_CASE("one flipped bit in a segment loses its batch only, also for the next process") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        for (int i = 1; i <= 4; ++i) append(spool, i);
    }
    const auto path = segments_in(config).front();
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // in batch 1
    file.put('\x01');
    file.close();
    Spool spool(config, quiet);
    CHECK(drain(spool) == std::vector<std::string>{id_of(2), id_of(3), id_of(4)});
}

TEST_CASE("a folder that is removed under the running spool is made again, and nothing of the open segment is lost") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        for (int i = 1; i <= 3; ++i) append(spool, i);
        const bool is_being_sent = GENERATE(false, true);
        if (is_being_sent) CHECK(spool.front()->id == id_of(1));
        fs::remove_all(config.directory);
        SECTION("found when the next batch comes") { append(spool, 4); }
        SECTION("found by a flush") {
            spool.retry_disk();
            append(spool, 4);
        }
        SECTION("found by reading a batch") {
            CHECK(spool.front()->body == body_of(1));
            append(spool, 4);
        }
        CHECK(spool.is_on_disk());
        CHECK(spool.front()->id == id_of(1));
        CHECK(spool.queued().counts == 10);
        CHECK(accounted(spool) == 10);
    }
    Spool spool(config, quiet);
    CHECK(drain(spool) == std::vector<std::string>{id_of(1), id_of(2), id_of(3), id_of(4)});
    CHECK(spool.dropped().sum().counts == 0);
}

TEST_CASE("batches of closed segments that are removed are dropped as damaged") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    Spool spool(config, quiet);
    for (int i = 1; i <= 6; ++i) append(spool, i, 30'000);
    REQUIRE(segments_in(config).size() == 2);
    fs::remove_all(config.directory);
    append(spool, 7);
    CHECK(drain(spool) == std::vector<std::string>{id_of(4), id_of(5), id_of(6), id_of(7)});
    CHECK(spool.dropped()[DropReason::damaged].counts == 1 + 2 + 3);
    CHECK(accounted(spool) == 28);
}

TEST_CASE("a disk that can be written again is noticed without a batch that waits") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    std::ofstream(folder / "spool") << "a file where the directory should be";
    Spool spool(config, quiet);
    CHECK_FALSE(spool.is_on_disk());
    spool.retry_disk();
    CHECK_FALSE(spool.is_on_disk());
    fs::remove(folder / "spool");
    spool.retry_disk();
    CHECK(spool.is_on_disk());
    append(spool, 1);
    CHECK(drain(spool) == std::vector<std::string>{id_of(1)});
}

TEST_CASE("what a spool holds that could not be read at startup goes before what came since") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        for (int i = 1; i <= 3; ++i) append(spool, i);
        spool.front();
        spool.settle(Outcome::delivered);
    }
    fs::rename(config.directory, folder / "away");
    std::ofstream(config.directory) << "a file where the directory should be";
    {
        Spool spool(config, quiet);
        append(spool, 4);
        spool.front();
        spool.settle(Outcome::delivered);
        append(spool, 5);
        CHECK(spool.front()->id == id_of(5));
        fs::remove(config.directory);
        fs::rename(folder / "away", config.directory);
        append(spool, 6);
        CHECK(spool.front()->id == id_of(5));  // it is being sent
        CHECK_FALSE(spool.is_loaded());
        spool.settle(Outcome::delivered);
        CHECK(spool.retry_disk());
        CHECK(spool.is_on_disk());
        CHECK(spool.delivered().counts == 1 + 4 + 5);
        CHECK(spool.queued().counts == 2 + 3 + 6);
    }
    Spool spool(config, quiet);
    CHECK(drain(spool) == std::vector<std::string>{id_of(2), id_of(3), id_of(6)});
    CHECK(accounted(spool) == 21);
}

TEST_CASE("a spool on a read-only disk is read, and continues where it was when the disk can be written again") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        for (int i = 1; i <= 3; ++i) append(spool, i);
        spool.front();
        spool.settle(Outcome::delivered);
    }
    std::optional<test::ReadOnlyDisk> read_only(std::in_place);
    std::optional<Spool> spool(std::in_place, config, quiet);
    CHECK(spool->had_cursor());
    CHECK_FALSE(spool->is_on_disk());
    CHECK(spool->delivered().counts == 1);
    CHECK(spool->front()->id == id_of(2));
    spool->settle(Outcome::delivered);
    append(*spool, 4);
    CHECK(spool->is_only_in_memory(id_of(4)));
    CHECK(accounted(*spool) == 10);
    read_only.reset();
    spool->retry_disk();
    CHECK(spool->is_on_disk());
    spool.reset();
    Spool next(config, quiet);
    CHECK(next.delivered().counts == 3);
    CHECK(drain(next) == std::vector<std::string>{id_of(3), id_of(4)});
    CHECK(accounted(next) == 10);
}

TEST_CASE("a sync that fails is reported, also of a segment that was closed") {
    test::TemporaryDirectory folder;
    Spool spool(config_in(folder), quiet);
    append(spool, 1, 70'000);
    CHECK(spool.sync());
    {
        const test::FailingSync failing;
        append(spool, 2);  // closes the first segment
    }
    CHECK_FALSE(spool.sync());
    CHECK(spool.sync());
}

TEST_CASE("a segment is removed after the cursor that settles its batches was synced") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        append(spool, 1);
        CHECK(drain(spool).size() == 1);
    }
    test::SlowDisk disk(test::DiskOperation::sync);
    std::thread next_process([&] { const Spool spool(config, quiet); });
    CHECK(disk.is_reached(std::chrono::seconds(10)));
    CHECK(segments_in(config).size() == 1);
    disk.release();
    next_process.join();
    CHECK(segments_in(config).empty());
}

TEST_CASE("a FIFO among the segments does not stop the start, nor is it in the next segment's way") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    fs::create_directories(config.directory);
    REQUIRE(::mkfifo((config.directory + "/00000000000000000001.spool").c_str(), 0600) == 0);
    Spool spool(config, quiet);
    CHECK(spool.damaged_files() == 1);
    append(spool, 1);
    CHECK(spool.is_on_disk());
    CHECK_FALSE(spool.is_only_in_memory(id_of(1)));
    CHECK(drain(spool) == std::vector<std::string>{id_of(1)});
}
