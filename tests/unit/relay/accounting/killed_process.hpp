#pragma once

// What a process leaves that is killed between any two steps of sealing
// (relay/events/counter_table.hpp), and how the next one delivers it.

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "relay/accounting/event_recorder.hpp"
#include "relay/events/counters.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

namespace fs = std::filesystem;
using namespace relay::accounting;
using namespace relay::events;

inline const Log quiet(-1);
inline const SystemClock system_clock;
inline const std::string sealed_id = "relay.boot.1";

inline RelayEventsConfig config_in(const TemporaryDirectory& folder) {
    RelayEventsConfig config;
    config.directory = folder.path();
    config.relay_id = "relay";
    config.relay_name = "relay";
    return config;
}

inline void count(Counters& counters, std::string_view flag, std::size_t index, std::uint64_t n) {
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
    explicit Killed(const TemporaryDirectory& folder)
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
inline void mark_one_slot(const TemporaryDirectory& folder) {
    for (const auto& entry : fs::directory_iterator(folder / "counters")) {
        if (entry.path().extension() != ".counts") continue;
        auto file = ShardFile::open(entry.path().string()).value();
        file->slot(0).mark = file->slot(0).pending;
    }
}

// Delivers everything that the next process finds. Batches in `known` were delivered before.
inline std::map<std::string, std::uint64_t> ship_all(EventRecorder& recorder, std::set<std::string> known) {
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
    std::function<void(const TemporaryDirectory&)> make;
    bool was_delivered = false;
};

inline const std::vector<State> states{
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

}  // namespace fanion::test
