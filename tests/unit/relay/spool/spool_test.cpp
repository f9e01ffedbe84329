#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/relay/spool/spooling.hpp"

using namespace fanion;
using namespace fanion::relay::spool;
using namespace fanion::test;
namespace fs = std::filesystem;
using Outcome = Spool::Outcome;

TEST_CASE("batches leave in the order in which they were appended") {
    test::TemporaryDirectory folder;
    Spool spool(config_in(folder), quiet);
    for (int i = 1; i <= 3; ++i) append(spool, i);
    CHECK(spool.queued().counts == 6);
    const auto head = spool.front();
    REQUIRE(head);
    CHECK(head->id == id_of(1));
    CHECK(head->body == body_of(1));
    CHECK(spool.front()->id == id_of(1));  // the same until it is settled
    CHECK(drain(spool) == std::vector<std::string>{id_of(1), id_of(2), id_of(3)});
    CHECK(spool.delivered().counts == 6);
    CHECK(accounted(spool) == 6);
}

TEST_CASE("the next process continues where this one ended") {
    test::TemporaryDirectory folder;
    {
        Spool spool(config_in(folder), quiet);
        CHECK_FALSE(spool.had_cursor());
        for (int i = 1; i <= 4; ++i) append(spool, i);
        spool.front();
        spool.settle(Outcome::delivered);
        spool.front();
        spool.settle(Outcome::rejected);
    }
    Spool spool(config_in(folder), quiet);
    CHECK(spool.had_cursor());
    CHECK(spool.delivered().counts == 1);
    CHECK(spool.dropped()[DropReason::rejected].counts == 2);
    CHECK(spool.queued().counts == 7);
    CHECK(spool.last_settled() == id_of(2));
    append(spool, 5);
    CHECK(drain(spool) == std::vector<std::string>{id_of(3), id_of(4), id_of(5)});
    CHECK(accounted(spool) == 15);
}

TEST_CASE("segments whose batches are all settled are removed") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    Spool spool(config, quiet);
    for (int i = 1; i <= 10; ++i) append(spool, i, 30'000);
    const auto before = segments_in(config).size();
    CHECK(before > 2);
    drain(spool);
    CHECK(segments_in(config).size() == 1);  // the open one
    CHECK(Spool(config, quiet).batches() == 0);
    CHECK(segments_in(config).empty());
}

TEST_CASE("a full spool drops and counts the oldest batches, but not the one being sent") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    std::uint64_t sum = 0;
    std::uint64_t queued = 0;
    {
        Spool spool(config, quiet);
        append(spool, 1, 30'000);
        CHECK(spool.front()->id == id_of(1));
        for (int i = 2; i <= 100; ++i) append(spool, i, 30'000);
        sum = 100 * 101 / 2;
        CHECK(spool.disk_bytes() <= config.disk_bytes);
        CHECK(spool.dropped()[DropReason::spool_full].counts > 0);
        CHECK(accounted(spool) == sum);
        CHECK(spool.front()->id == id_of(1));
        queued = spool.queued().counts;
    }
    Spool spool(config, quiet);  // as after a kill
    CHECK(spool.queued().counts == queued);
    CHECK(accounted(spool) == sum);
    const auto ids = drain(spool);
    CHECK(ids.front() == id_of(1));
    CHECK(ids.back() == id_of(100));
    CHECK(accounted(spool) == sum);
}

TEST_CASE("progress through the parts of a batch survives a restart") {
    test::TemporaryDirectory folder;
    const auto config = config_in(folder);
    {
        Spool spool(config, quiet);
        append(spool, 8);
        append(spool, 9);
        spool.front();
        spool.split("0");
        CHECK(spool.front()->part == "0");
        spool.settle_part(Outcome::delivered, {3, 0, 0}, "1");
    }
    Spool spool(config, quiet);
    CHECK(spool.front()->part == "1");
    CHECK(spool.delivered().counts == 3);
    CHECK(spool.queued().counts == 14);
    spool.settle_part(Outcome::rejected, {5, 0, 0}, "");
    CHECK(spool.front()->id == id_of(9));
    CHECK(spool.front()->part.empty());
    CHECK(spool.dropped()[DropReason::rejected].counts == 5);
    CHECK(accounted(spool) == 17);
}

TEST_CASE("rejected batches are kept in a bounded folder") {
    test::TemporaryDirectory folder;
    auto config = config_in(folder);
    config.rejected_bytes = 1000;
    Spool spool(config, quiet);
    for (int i = 1; i <= 10; ++i) {
        append(spool, i, 280);
        const auto head = spool.front();
        CHECK(spool.keep_rejected("", head->body));
        spool.settle(Outcome::rejected);
    }
    std::vector<std::string> kept;
    for (const auto& entry : fs::directory_iterator(config.directory + "/rejected")) {
        kept.push_back(entry.path().filename());
    }
    std::sort(kept.begin(), kept.end());
    CHECK(kept == std::vector<std::string>{"00000000000000000008.json", "00000000000000000009.json",
                                           "00000000000000000010.json"});
    CHECK(spool.dropped()[DropReason::rejected].counts == 55);
    CHECK(accounted(spool) == 55);
}
