#include "relay/spool/spool.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::spool;
namespace fs = std::filesystem;

namespace {

using Outcome = Spool::Outcome;

const Log quiet(-1);

SpoolConfig config_in(const test::TemporaryDirectory& folder) { return {folder / "spool", 1 << 20, 1 << 16, 1 << 16}; }

std::string id_of(int i) { return "r.b." + std::to_string(i); }
std::string body_of(int i, std::size_t bytes = 20) {
    return "body " + std::to_string(i) + std::string(bytes, static_cast<char>('a' + i % 26));
}

void append(Spool& spool, int i, std::size_t bytes = 20) {
    spool.append(id_of(i), {static_cast<std::uint64_t>(i), 0, 0}, body_of(i, bytes));
}

std::uint64_t accounted(const Spool& spool) {
    return spool.delivered().counts + spool.dropped().sum().counts + spool.queued().counts;
}

std::vector<std::string> drain(Spool& spool) {
    std::vector<std::string> ids;
    while (auto head = spool.front()) {
        ids.push_back(head->id);
        spool.settle(Outcome::delivered);
    }
    return ids;
}

std::vector<fs::path> segments_in(const SpoolConfig& config) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(config.directory)) {
        if (entry.path().extension() == ".spool") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

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
    SECTION("a byte of it changed") {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(60);
        file.put('!');
        file.close();
        CHECK(drain(spool) == std::vector<std::string>{id_of(2)});
        CHECK(spool.dropped()[DropReason::damaged].counts == 1);
    }
    SECTION("its file is gone") {
        fs::remove(path);
        CHECK(drain(spool).empty());
        CHECK(spool.dropped()[DropReason::damaged].counts == 3);
    }
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
