#pragma once

// Seals what was counted into the spool, and keeps the two in step over a kill. Private to relay/app: RelayEvents runs it.
//
// Makes system calls; everything but status() and table() belongs on the blocking pool. Thread-safe: one lock, the spool's.

#include <atomic>
#include <mutex>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/forward/shipper.hpp"

namespace fanion::relay::accounting {

class EventRecorder {
public:
    EventRecorder(const RelayEventsConfig& config, const Clock& clock, const Log& log);

    events::CounterTable& table() noexcept { return table_; }
    forward::SharedSpool& spool() noexcept { return spool_; }

    // Drains the counters into sealed batches; tries to leave memory for the disk.
    void flush();
    // For power cuts.
    void sync();
    bool wants_flush() const { return table_.unsealed_bytes() >= batch_bytes_; }
    // No worker counts any more.
    void end();

    // What is known here; the rest of EventsStatus is the shipper's.
    EventsStatus status() const;

private:
    void recover();
    void reconcile();
    void put(events::SealedCounts sealed);
    void settle_pending();
    void publish_numbers();

    std::string relay_name_;
    std::string id_prefix_;  // "<relay id>.<boot>."
    std::size_t batch_bytes_;
    const Clock& clock_;
    const Log& log_;
    events::CounterTable table_;
    forward::SharedSpool spool_;
    std::uint64_t next_batch_ = 1;

    mutable std::mutex numbers_mutex_;  // what status() copies, so that it never waits for the disk
    EventsStatus numbers_;
    spool::Content spool_queued_;
};

}  // namespace fanion::relay::accounting
