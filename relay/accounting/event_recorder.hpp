#pragma once

// Seals the counters into the spool, and keeps both consistent across a kill. Private to
// relay/accounting: RelayEvents runs it.
//
// Thread-safe. status(), table() and wants_flush() take no lock that is held across a system call,
// and are all that the control thread and the workers may call. The rest is blocking, for the pool:
// it uses the spool and drains the counter table under the spool's lock, which is held across
// system calls.

#include <atomic>
#include <mutex>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "relay/accounting/evaluation_tally.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/events/counter_table.hpp"
#include "relay/forward/shipper.hpp"
#include "relay/intake/intake.hpp"

namespace fanion::relay::accounting {

class EventRecorder {
public:
    EventRecorder(const RelayEventsConfig& config, const Clock& clock, const Log& log);

    events::CounterTable& table() noexcept { return table_; }
    forward::SharedSpool& spool() noexcept { return spool_; }
    const EvaluationTally& tally() const noexcept { return tally_; }

    // Makes a batch of what was taken; it is accepted then.
    void put(const intake::Intake::Taken& taken);
    // Drains the counters into sealed batches; retries a disk that failed.
    void flush();
    // Syncs spool and counters to disk: what was sealed before then also survives a power cut.
    void sync();
    std::uint64_t batches() const;  // sealed and waiting
    bool wants_flush() const { return table_.unsealed_bytes() >= batch_bytes_; }
    // Call when no worker counts any more: the last flush.
    void end();

    // All of EventsStatus but the shipper's members.
    EventsStatus status() const;

private:
    enum class Recovery { start, late };
    void recover(Recovery recovery);
    void reconcile(Recovery recovery);
    void record_damaged();
    void record_sync(const Result<>& synced);
    std::string next_id() { return id_prefix_ + std::to_string(next_batch_); }
    void put_counts(events::SealedCounts sealed);
    void settle_pending();
    void publish_totals();

    std::string relay_name_;
    std::string id_prefix_;  // "<relay id>.<boot>."
    std::size_t batch_bytes_;
    const Clock& clock_;
    const Log& log_;
    events::CounterTable table_;
    forward::SharedSpool spool_;
    EvaluationTally tally_;
    std::uint64_t next_batch_ = 1;  // under the spool's lock

    // Of the three members below. Held for copying only: status() takes it on the control thread.
    mutable std::mutex totals_mutex_;
    EventsStatus totals_;
    spool::Content spool_queued_;
    bool sync_failed_ = false;
};

}  // namespace fanion::relay::accounting
