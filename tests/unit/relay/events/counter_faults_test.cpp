// Counter files that are damaged, removed, or on a disk that fails.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/support/slow_disk.hpp"
#include "tests/unit/relay/events/counting.hpp"

using namespace fanion;
using namespace fanion::relay::events;
using namespace fanion::test;
namespace fs = std::filesystem;

TEST_CASE("a damaged file is moved aside; what is intact of it is drained, the rest is counted as lost") {
    test::TemporaryDirectory folder;
    {
        CounterTable table(table_config(folder.path(), 2), start, quiet);
        Counters one(table, 0);
        Counters two(table, 1);
        one.count(flag_of(1));
        two.count(flag_of(2));
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().extension() == ".counts") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() == 2);
    const auto damage = GENERATE(0, 9, 4096 + 24, 4096 + 16 * 1024 * 32 + 6);  // magic, sizes, a slot, its labels
    CAPTURE(damage);
    std::fstream bytes(files[0], std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(damage);
    bytes.put('\x77');
    bytes.close();
    CounterTable table(table_config(folder.path()), start, quiet);
    CHECK(table.damaged_files() == 1);
    const bool is_slot_intact = damage < 4096;
    CHECK(table.take_lost() == (is_slot_intact ? 0 : 1));
    CHECK(table.take_lost() == 0);
    CHECK(table.accepted() == (is_slot_intact ? 2 : 1));
    const auto drained = drain(table);
    CHECK(drained == (is_slot_intact ? ByFlag{{"flag-1", 1}, {"flag-2", 1}} : ByFlag{{"flag-2", 1}}));
    CHECK(files_in(folder.path() + "/damaged") == 1);
    CHECK(table.accepted() == table.sealed());
}

TEST_CASE("a truncated file is damaged; one that was never renamed is removed") {
    test::TemporaryDirectory folder;
    {
        CounterTable table(table_config(folder.path()), start, quiet);
        Counters counters(table, 0);
        counters.count(flag_of(1));
    }
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().extension() == ".counts") fs::resize_file(entry.path(), 5000);
    }
    std::ofstream(folder / "99-0.counts.new") << "begun";
    CounterTable table(table_config(folder.path()), start, quiet);
    CHECK(table.damaged_files() == 1);
    CHECK(files_in(folder.path(), ".new") == 0);
    CHECK(drain(table).empty());
}

TEST_CASE("counts are kept in memory while the disk cannot be used, and move back to it") {
    test::TemporaryDirectory folder;
    const auto directory = folder / "counters";
    std::ofstream(directory) << "a file where the directory should be";
    CounterTable table(table_config(directory), start, quiet);
    Counters counters(table, 0);
    CHECK_FALSE(table.is_on_disk());
    counters.count(flag_of(1), 2);
    fs::remove(directory);
    fs::create_directory(directory);
    table.prepare_files();
    counters.count(flag_of(1), 3);
    CHECK(files_in(directory) == 1);
    CHECK(drain(table) == ByFlag{{"flag-1", 5}});
    CHECK(table.is_on_disk());
}

TEST_CASE("a worker does not try a disk on which a file could not be created just before") {
    test::TemporaryDirectory folder;
    const auto directory = folder / "counters";
    CounterTable table(table_config(directory), start, quiet);
    fs::remove_all(directory);
    std::ofstream(directory) << "not a directory";
    CHECK_FALSE(table.new_file(0)->is_on_disk());  // it tries, and so does prepare_files()
    table.prepare_files();
    fs::remove(directory);
    fs::create_directory(directory);
    CHECK_FALSE(table.new_file(0)->is_on_disk());
    table.prepare_files();
    CHECK(table.new_file(0)->is_on_disk());
}

TEST_CASE("files whose ledger cannot be read wait for it, and then continue where the ledger says") {
    test::TemporaryDirectory folder;
    {
        CounterTable table(table_config(folder.path()), start, quiet);
        Counters counters(table, 0);
        counters.count(flag_of(1), 5);
        CHECK(drain(table).size() == 1);
        counters.count(flag_of(1), 2);
        REQUIRE(table.seal("r.b.9", start, 1 << 20, {}));
    }
    fs::rename(folder / "ledger", folder / "ledger.away");
    fs::create_directory(folder / "ledger");
    CounterTable table(table_config(folder.path()), start, quiet);
    CHECK_FALSE(table.is_on_disk());
    Counters counters(table, 0);
    counters.count(flag_of(2), 4);
    CHECK(drain(table) == ByFlag{{"flag-2", 4}});  // not flag-1: perhaps the lost ledger has it in a batch
    fs::remove(folder / "ledger");
    fs::rename(folder / "ledger.away", folder / "ledger");
    CHECK_FALSE(table.prepare_files(false));
    CHECK(table.prepare_files());
    CHECK(table.is_pending());
    CHECK(table.pending_id() == "r.b.9");
    CHECK(table.interrupted()->evaluations == 2);
    CHECK(table.sealed() == 9);
    CHECK(table.accepted() == 11);
    table.apply();
    CHECK(table.sealed() == 11);
    counters.count(flag_of(3), 1);
    CHECK(drain(table) == ByFlag{{"flag-3", 1}});
    CHECK(table.is_on_disk());
    CHECK(table.accepted() == 12);
    CHECK(CounterTable(table_config(folder.path()), start, quiet).sealed() == 12);
}

TEST_CASE("counts on a read-only disk are accepted, and sealed once their marks can be stored") {
    test::TemporaryDirectory folder;
    leave_unsealed(folder.path());
    std::optional<test::ReadOnlyDisk> read_only(std::in_place);
    CounterTable table(table_config(folder.path()), start, quiet);
    CHECK_FALSE(table.is_on_disk());
    CHECK(table.damaged_files() == 0);
    CHECK(table.sealed() == 5);
    CHECK(table.accepted() == 7);
    Counters counters(table, 0);
    counters.count(flag_of(2), 4);
    CHECK(drain(table) == ByFlag{{"flag-2", 4}});
    CHECK(table.accepted() == 11);
    read_only.reset();
    CHECK(table.prepare_files());
    counters.count(flag_of(3), 1);
    CHECK(drain(table) == ByFlag{{"flag-1", 2}, {"flag-3", 1}});
    CHECK(table.is_on_disk());
    CHECK(table.accepted() == 12);
    CHECK(table.sealed() == 12);
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file that could not be opened at the start is drained once it can be") {
    test::TemporaryDirectory folder;
    leave_unsealed(folder.path());
    fs::path file;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().filename() != "ledger") file = entry.path();
    }
    REQUIRE_FALSE(file.empty());
    const auto aside = folder / "aside";
    fs::rename(file, aside);
    fs::create_directory(file);  // cannot be opened for writing, nor mapped
    CounterTable table(table_config(folder.path()), start, quiet);
    CHECK(table.damaged_files() == 0);
    CHECK(table.accepted() == 5);
    Counters counters(table, 0);
    counters.count(flag_of(2), 4);
    CHECK(drain(table) == ByFlag{{"flag-2", 4}});
    fs::remove(file);
    fs::rename(aside, file);
    table.prepare_files();
    CHECK(drain(table) == ByFlag{{"flag-1", 2}});
    CHECK(table.accepted() == 11);
    CHECK(table.sealed() == 11);
}

TEST_CASE("counters whose directory is removed continue in new files") {
    test::TemporaryDirectory folder;
    const auto directory = folder / "counters";
    CounterTable table(table_config(directory), start, quiet);
    Counters counters(table, 0);
    counters.count(flag_of(1), 2);
    fs::remove_all(directory);
    table.prepare_files();
    CHECK_FALSE(table.is_on_disk());  // until the worker counts next
    counters.count(flag_of(1), 3);
    CHECK(files_in(directory) == 1);
    CHECK(drain(table) == ByFlag{{"flag-1", 5}});
    CHECK(table.is_on_disk());
    CHECK(CounterTable(table_config(directory), start, quiet).sealed() == 5);
}
