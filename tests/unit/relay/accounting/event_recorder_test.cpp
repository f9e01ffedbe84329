// A kill between any two steps of sealing (relay/events/counter_table.hpp): each state that it can leave.

#include "relay/accounting/event_recorder.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <set>

#include "relay/events/counters.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::accounting;
using namespace fanion::relay::events;
namespace fs = std::filesystem;

namespace {

const Log quiet(-1);
const SystemClock system_clock;
const std::string sealed_id = "relay.boot.1";

RelayEventsConfig config_in(const test::TemporaryDirectory& folder) {
    RelayEventsConfig config;
    config.directory = folder.path();
    config.relay_id = "relay";
    config.relay_name = "relay";
    return config;
}

void count(Counters& counters, std::string_view flag, std::size_t index, std::uint64_t n) {
    Counted counted;
    counted.state = 1;
    counted.env_id = "e_1";
    counted.flag = flag;
    counted.flag_index = index;
    counted.reason = "STATIC";
    counters.count(counted, n);
}

// What a process was doing when it was killed.
struct Killed {
    explicit Killed(const test::TemporaryDirectory& folder)
        : table({folder / "counters", 1, {}}, system_clock.now(), quiet),
          spool({folder / "spool", 1 << 20, 1 << 20, 1 << 20}, quiet),
          counters(table, 0) {
        count(counters, "a", 0, 3);
        count(counters, "b", 1, 4);
        table.set_sealed(0);  // writes the ledger, as every process does when it starts
    }
    void seal() { sealed = table.seal(sealed_id, system_clock.now(), 1 << 20, {}); }
    void append() {
        wire::EventBatch batch;
        batch.batch = sealed_id;
        batch.relay = "relay";
        batch.counts = sealed->counts;
        spool.append(sealed_id, {sealed->evaluations, 0, 0}, to_json(batch));
    }
    void deliver() {
        REQUIRE(spool.front());
        spool.settle(relay::spool::Spool::Outcome::delivered);
    }

    CounterTable table;
    relay::spool::Spool spool;
    Counters counters;
    std::optional<SealedCounts> sealed;
};

// Step 4 of the first slot only.
void mark_one_slot(const test::TemporaryDirectory& folder) {
    for (const auto& entry : fs::directory_iterator(folder / "counters")) {
        if (entry.path().extension() != ".counts") continue;
        auto file = ShardFile::open(entry.path().string()).value();
        file->slot(0).mark = file->slot(0).pending;
    }
}

// Delivers everything that the next process finds. Batches in `known` were delivered before.
std::map<std::string, std::uint64_t> ship_all(EventRecorder& recorder, std::set<std::string> known) {
    std::map<std::string, std::uint64_t> sums;
    auto& spool = recorder.spool();
    while (auto head = spool.spool.front()) {
        const auto batch = wire::parse_event_batch(head->body).value();
        if (known.insert(batch.batch).second) {
            for (const auto& event : batch.counts) sums[event.flag] += event.n;
        }
        spool.spool.settle(relay::spool::Spool::Outcome::delivered);
        spool.on_settled();
        recorder.flush();
    }
    return sums;
}

struct State {
    std::string name;
    std::function<void(const test::TemporaryDirectory&)> make;
    bool was_delivered = false;
};

const std::vector<State> states{
    {"counted only", [](const auto& folder) { Killed killed(folder); }},
    {"sealed, not in the spool",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
     }},
    {"sealed, and counted further",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
         count(killed.counters, "a", 0, 0);
     }},
    {"in the spool, not marked",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
         killed.append();
     }},
    {"in the spool, half marked",
     [](const auto& folder) {
         {
             Killed killed(folder);
             killed.seal();
             killed.append();
         }
         mark_one_slot(folder);
     }},
    {"in the spool and marked",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
         killed.append();
         killed.table.apply();
     }},
    {"delivered from memory, not marked",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
         killed.append();
         killed.deliver();
     },
     true},
    {"delivered from memory, half marked",
     [](const auto& folder) {
         {
             Killed killed(folder);
             killed.seal();
             killed.append();
             killed.deliver();
         }
         mark_one_slot(folder);
     },
     true},
    {"delivered from memory, and the cursor could not be stored",
     [](const auto& folder) {
         Killed killed(folder);
         killed.seal();
     },
     true},
};

}  // namespace

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
