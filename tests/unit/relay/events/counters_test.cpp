#include "relay/events/counters.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/relay/events/counting.hpp"

using namespace fanion;
using namespace fanion::relay::events;
using namespace fanion::test;
namespace fs = std::filesystem;

TEST_CASE("evaluations are counted under all their labels") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    auto counted = flag_of(7);
    counted.sdk = counters.sdk_id("python/1.2");
    for (int i = 0; i < 5; ++i) counters.count(counted);
    counted.variation_index = 0;
    counted.variation = "off";
    counters.count(counted, 10);
    const auto sealed = table.seal("r.b.1", start + 10, 1 << 20, {});
    REQUIRE(sealed);
    CHECK(sealed->id == "r.b.1");
    CHECK(sealed->from == start);
    CHECK(sealed->to == start + 10);
    CHECK(sealed->evaluations == 15);
    REQUIRE(sealed->counts.size() == 2);
    CHECK(sealed->counts[0] == wire::CountEvent{"e_1", "flag-7", "on", 3, "SPLIT", "python/1.2", 5});
    CHECK(sealed->counts[1] == wire::CountEvent{"e_1", "flag-7", "off", 3, "SPLIT", "python/1.2", 10});
}

TEST_CASE("evaluations that different rules decided are counted apart") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    const std::string rules[] = {"r-1", "r-2"};
    const std::string again = "r-1";  // in the next ruleset
    for (int i = 0; i < 3; ++i) {
        for (const auto& rule : rules) {
            auto counted = flag_of(7);
            counted.rule = rule;
            counters.count(counted);
        }
    }
    auto counted = flag_of(7, 2);
    counted.rule = again;
    counters.count(counted, 10);
    counters.count(flag_of(7), 100);
    const auto sealed = table.seal("r.b.1", start + 10, 1 << 20, {});
    REQUIRE(sealed);
    REQUIRE(sealed->counts.size() == 3);
    CHECK(sealed->counts[0] == wire::CountEvent{"e_1", "flag-7", "on", 3, "SPLIT", "", 100});
    CHECK(sealed->counts[1] == wire::CountEvent{"e_1", "flag-7", "on", 3, "SPLIT", "", 13, "r-1"});
    CHECK(sealed->counts[2] == wire::CountEvent{"e_1", "flag-7", "on", 3, "SPLIT", "", 3, "r-2"});
}

TEST_CASE("indices of a new ruleset refer to its own flags") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    counters.count(flag_of(0, 1));
    auto moved = flag_of(1, 2);  // under state 2, flag-1 has index 0
    moved.flag_index = 0;
    counters.count(moved);
    counters.count(flag_of(0, 1));
    CHECK(drain(table) == ByFlag{{"flag-0", 2}, {"flag-1", 1}});
}

TEST_CASE("a batch holds only what was counted since the last one; without counts there is no batch") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    CHECK_FALSE(table.seal("r.b.0", start, 1 << 20, {}).has_value());
    counters.count(flag_of(1), 3);
    CHECK(drain(table) == ByFlag{{"flag-1", 3}});
    counters.count(flag_of(1), 4);
    counters.count(flag_of(2), 1);
    CHECK(drain(table) == ByFlag{{"flag-1", 4}, {"flag-2", 1}});
    CHECK(drain(table).empty());
    CHECK(table.accepted() == 8);
    CHECK(table.sealed() == 8);
}

TEST_CASE("what does not fit into one batch goes into the next") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    for (std::size_t i = 0; i < 1000; ++i) counters.count(flag_of(i), i + 1);
    const auto sums = drain(table, 20'000);
    CHECK(sums.size() == 1000);
    CHECK(sums.at("flag-999") == 1000);
    CHECK(table.sealed() == 1000 * 1001 / 2);
}

TEST_CASE("a full file is followed by another and removed once it is drained") {
    test::TemporaryDirectory folder;
    auto config = table_config(folder.path());
    config.shard = {100, 64 * 1024};
    CounterTable table(config, start, quiet);
    Counters counters(table, 0);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < 1000; ++i) counters.count(flag_of(i));
    }
    CHECK(files_in(folder.path()) > 10);
    const auto sums = drain(table);
    CHECK(sums.size() == 1000);
    CHECK(std::all_of(sums.begin(), sums.end(), [](const auto& sum) { return sum.second == 2; }));
    CHECK(files_in(folder.path()) == 1);
    table.end_all_files();
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("counts stay correct when the look-up table is cleared") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    for (std::uint64_t state = 1; state <= 50; ++state) {
        for (std::size_t i = 0; i < 1000; ++i) counters.count(flag_of(i, state));
    }
    const auto sums = drain(table);
    CHECK(sums.size() == 1000);
    CHECK(std::all_of(sums.begin(), sums.end(), [](const auto& sum) { return sum.second == 50; }));
}

TEST_CASE("unknown flags are counted by name up to 1,000 per environment, in all workers together") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path(), 2), start, quiet);
    Counters one(table, 0);
    Counters two(table, 1);
    for (int i = 0; i < 600; ++i) one.count(unknown_flag("a-" + std::to_string(i)));
    for (int i = 0; i < 600; ++i) two.count(unknown_flag("b-" + std::to_string(i)));
    two.count(unknown_flag("a-1"));
    one.count(unknown_flag("b-599"));
    one.count(unknown_flag("not a key"));
    auto elsewhere = unknown_flag("b-599");
    elsewhere.env_id = "e_2";
    one.count(elsewhere);
    const auto sums = drain(table);
    CHECK(sums.size() == 1000 + 2);  // "b-599" of the other environment, and the rest
    CHECK(sums.at("(other)") == 200 + 1 + 1);
    CHECK(sums.at("a-1") == 2);
    CHECK(sums.at("b-599") == 1);
}

TEST_CASE("SDK names are limited in number, length and characters") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    Counters counters(table, 0);
    CHECK(counters.sdk_id("") == 0);
    CHECK(counters.sdk_id("python/1.2") == counters.sdk_id("python/1.2"));
    CHECK(counters.sdk_id(std::string(65, 'x')) == 1);
    CHECK(counters.sdk_id("a\nb") == 1);
    CHECK(counters.sdk_id("\xff") == 1);
    for (int i = 0; i < 300; ++i) counters.sdk_id("sdk-" + std::to_string(i));
    CHECK(counters.sdk_id("one more") == 1);
    CHECK(counters.sdk_id("python/1.2") != 1);
}

TEST_CASE("counts that were not sealed are found by the next process") {
    test::TemporaryDirectory folder;
    {
        CounterTable table(table_config(folder.path()), start, quiet);
        Counters counters(table, 0);
        counters.count(flag_of(1), 5);
        CHECK(drain(table).size() == 1);
        counters.count(flag_of(1), 2);
        counters.count(flag_of(2), 9);
    }
    CounterTable table(table_config(folder.path(), 4), start, quiet);
    CHECK(table.had_ledger());
    CHECK(table.accepted() == 16);
    CHECK(table.sealed() == 5);
    CHECK(drain(table) == ByFlag{{"flag-1", 2}, {"flag-2", 9}});
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a batch that was sealed and not applied is rebuilt under its id, without later counts") {
    test::TemporaryDirectory folder;
    std::vector<wire::CountEvent> counts;
    {
        CounterTable table(table_config(folder.path()), start, quiet);
        Counters counters(table, 0);
        counters.count(flag_of(1), 5);
        counts = table.seal("r.b.1", start + 10, 1 << 20, {3, 0, 0})->counts;
        counters.count(flag_of(1), 100);
        counters.count(flag_of(2), 1);
    }
    CounterTable table(table_config(folder.path()), start + 50, quiet);
    const auto again = table.interrupted();
    REQUIRE(again);
    CHECK(again->id == "r.b.1");
    CHECK(again->from == start);
    CHECK(again->to == start + 10);
    CHECK(again->counts == counts);
    CHECK(again->evaluations == 5);
    CHECK(again->dropped == wire::EventNumbers{3, 0, 0});
    table.apply();
    CHECK_FALSE(table.interrupted().has_value());
    CHECK(drain(table) == ByFlag{{"flag-1", 100}, {"flag-2", 1}});
}

TEST_CASE("dropped events are reported once") {
    test::TemporaryDirectory folder;
    CounterTable table(table_config(folder.path()), start, quiet);
    const auto sealed = table.seal("r.b.1", start, 1 << 20, {3, 0, 1});
    REQUIRE(sealed);
    CHECK(sealed->dropped == wire::EventNumbers{3, 0, 1});
    table.apply();
    CHECK_FALSE(table.seal("r.b.2", start, 1 << 20, {3, 0, 1}).has_value());
    CHECK(table.seal("r.b.2", start, 1 << 20, {5, 0, 1})->dropped == wire::EventNumbers{2, 0, 0});
}

TEST_CASE("a worker whose file is nearly full finds the next one already created") {
    test::TemporaryDirectory folder;
    auto config = table_config(folder.path());
    config.shard = {100, 64 * 1024};
    CounterTable table(config, start, quiet);
    Counters counters(table, 0);
    for (std::size_t i = 0; i < 74; ++i) counters.count(flag_of(i));
    table.prepare_files();
    CHECK(files_in(folder.path()) == 1);
    counters.count(flag_of(74));
    table.prepare_files();
    table.prepare_files();
    CHECK(files_in(folder.path()) == 2);
    for (std::size_t i = 75; i < 150; ++i) counters.count(flag_of(i));
    CHECK(files_in(folder.path()) == 2);
    CHECK(drain(table).size() == 150);
    table.prepare_files();
    CHECK(files_in(folder.path()) == 1);
    table.end_all_files();
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("draining while workers count neither loses an evaluation nor counts one twice") {
    test::TemporaryDirectory folder;
    auto config = table_config(folder.path(), 3);
    config.shard = {300, 64 * 1024};
    CounterTable table(config, start, quiet);
    constexpr std::uint64_t rounds = 200;
    std::vector<std::unique_ptr<Counters>> counters;
    for (unsigned worker = 0; worker < 3; ++worker) counters.push_back(std::make_unique<Counters>(table, worker));
    std::atomic<unsigned> running{3};
    std::vector<std::thread> threads;
    for (auto& of_worker : counters) {
        threads.emplace_back([&of_worker, &running] {
            for (std::uint64_t round = 0; round < rounds; ++round) {
                for (std::size_t i = 0; i < 500; ++i) of_worker->count(flag_of(i, round + 1));
            }
            --running;
        });
    }
    ByFlag sums;
    const auto merge = [&] {
        for (const auto& [flag, n] : drain(table)) sums[flag] += n;
    };
    while (running > 0) merge();
    for (auto& thread : threads) thread.join();
    merge();
    CHECK(sums.size() == 500);
    CHECK(std::all_of(sums.begin(), sums.end(), [](const auto& sum) { return sum.second == 3 * rounds; }));
    CHECK(table.accepted() == 3 * rounds * 500);
}
