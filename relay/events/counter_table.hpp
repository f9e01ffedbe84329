#pragma once

// All counter files of a relay: creates them for the workers, drains them into batches, removes
// them when drained.
//
// Exactly-once counting. Each slot holds a total that only grows, and a mark: how much of it is in
// batches that are safe. A batch is sealed in steps, and a kill may come between any two:
//   1. seal(): in each slot `pending` = total as read now; the batch is the sum of pending - mark.
//   2. the ledger names the batch (id, window). From here on the batch can be rebuilt from the
//      files.
//   3. the caller stores the batch where it survives a kill (the spool), or has it settled.
//   4. apply(): mark = pending in each slot; then the ledger forgets the batch.
// If the next process finds no batch in the ledger, the marks are right as they are and nothing
// counted is lost. If it finds one (interrupted()) that the spool has, apply() completes step 4,
// which is idempotent. Otherwise the batch is sealed again under the same id, so that the control
// plane recognises it if it was delivered. Every evaluation is in exactly one batch. If the ledger
// cannot be written in step 2, nothing is sealed, and counts wait in the files. If it cannot in
// step 4, nothing more is sealed until it can: the next process finds a batch all of whose slots
// are marked, and completes step 4.
//
// Threads. One thread at a time seals, applies and maintains the files: the drainer. The functions
// marked thread-safe may be called by workers and by the control thread at any time, also while the
// drainer waits for a slow disk: they take `mutex_`, which guards the list of files and is never
// held across a system call.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/base/state_file.hpp"
#include "common/wire/event_batch.hpp"
#include "relay/events/ledger.hpp"
#include "relay/events/shard_file.hpp"
#include "relay/events/unknown_flags.hpp"

namespace fanion::relay::events {

struct CounterTableConfig {
    std::string directory;  // created when missing
    unsigned workers = 1;
    ShardSize shard;
};

// The content of one batch, without the relay's name.
struct SealedCounts {
    std::string id;
    UnixMillis from = 0;
    UnixMillis to = 0;
    std::vector<wire::CountEvent> counts;
    std::uint64_t evaluations = 0;
    wire::EventNumbers dropped;
    bool more = false;  // not everything fitted: call seal() again
};

class CounterTable {
public:
    // Loads the files of earlier processes. Damaged files are moved to `damaged/` and counted; what
    // their intact slots hold is kept. Files that cannot be written to wait until they can: their
    // counts are accepted, but not sealed, because the marks could not be stored. Blocking.
    CounterTable(CounterTableConfig config, UnixMillis now, const Log& log);

    // Thread-safe. The worker's next file; its previous one is drained and removed. Never fails:
    // when no file can be created, counts are kept in memory. Blocking only when prepare_files()
    // has not created the file in advance: at startup, or when a worker fills a quarter of a file
    // between two calls. While prepare_files() fails, the file is in memory and nothing is tried
    // here.
    std::shared_ptr<ShardFile> new_file(unsigned worker);
    // Thread-safe.
    bool admit_unknown(std::string_view env, std::string_view flag) { return unknown_.admit(env, flag); }

    // The batch that a kill interrupted between steps 2 and 4. Without counts, though it has
    // evaluations: all of its slots were marked, and only the ledger was not written.
    std::optional<SealedCounts> interrupted();
    // Steps 1 and 2. `total_dropped`: all events that this relay ever dropped. Empty when there is
    // nothing to report, or the ledger cannot be written. Precondition: the batch sealed before was
    // applied.
    std::optional<SealedCounts> seal(std::string id, UnixMillis now, std::size_t max_bytes,
                                     const wire::EventNumbers& total_dropped);
    void apply();
    bool is_pending() const noexcept { return !ledger_.pending_id.empty(); }
    const std::string& pending_id() const noexcept { return ledger_.pending_id; }

    // Creates the next file of each worker that counts in memory, or whose file is nearly full or
    // was removed, and opens what could not be opened before. Call before each seal(). True when it
    // has loaded the directory of an earlier process, which could not be read before: then
    // interrupted() may name a batch. That waits while `may_load` is false or a batch is pending.
    bool prepare_files(bool may_load = true);
    // Call when no worker counts any more: every file is drained and removed.
    void end_all_files();
    // Thread-safe. Error: unavailable.
    Result<> sync() const;

    // Thread-safe. Evaluations ever counted here.
    std::uint64_t accepted() const;
    // Of these, in batches that were applied.
    std::uint64_t sealed() const noexcept { return ledger_.sealed; }
    // At startup, from the spool's totals: how many evaluations must have been sealed.
    void set_sealed(std::uint64_t evaluations);
    bool had_ledger() const noexcept { return had_ledger_; }
    // Thread-safe. False: new counts, or what is sealed, would not survive a kill.
    bool is_on_disk() const;
    // Thread-safe. Approximate size of the batch that seal() would return now.
    std::size_t unsealed_bytes() const;
    std::uint64_t damaged_files() const noexcept { return damaged_files_; }
    // Evaluations that damaged files held unsealed and that could not be kept, since the last call.
    // They are not among accepted() yet.
    std::uint64_t take_lost() noexcept { return std::exchange(lost_, 0); }

private:
    using Files = std::vector<std::shared_ptr<ShardFile>>;

    void open_ledger();
    void load_ledger(UnixMillis now);
    bool load_files();
    void add_file(const std::string& path);
    std::shared_ptr<ShardFile> load_file(const std::string& path);
    void retry_files();
    std::shared_ptr<ShardFile> salvage(const std::string& path);
    void move_aside(const std::string& path);
    bool return_to_disk();
    void adopt_ledger();
    void reopen_read_only_files();
    Result<std::shared_ptr<ShardFile>> make_file(unsigned worker);
    Files files() const;
    std::shared_ptr<ShardFile> current_without_spare(unsigned worker) const;
    void remove_drained_files();
    bool store_ledger();
    void withdraw();
    void forget_pending();

    CounterTableConfig config_;
    const Log& log_;
    UnknownFlags unknown_;
    std::atomic<std::uint64_t> next_file_;
    std::atomic<bool> disk_failed_{false};  // the last file that prepare_files() wanted could not be created

    mutable std::mutex mutex_;  // the members up to the next comment; see "Threads" above
    Files files_;
    Files current_;  // by worker; null before its first
    Files spare_;    // by worker: created in advance by prepare_files()
    // Evaluations accepted, without the totals of files_: what removed files counted. Modulo 2^64.
    std::uint64_t accepted_before_ = 0;
    std::shared_ptr<StateFile> ledger_file_;  // shared with sync(), which uses it without the lock

    // Of the drainer.
    Ledger ledger_;
    std::set<std::string> unopened_;  // files that could not be opened: tried again
    Files removed_;  // files whose mapping a worker or a reader may still hold; unmapping can wait for the disk
    bool had_ledger_ = false;
    bool ledger_failed_ = false;  // it could not be opened, which is logged once
    bool ledger_behind_ = false;  // the disk has an older one, because a write failed
    bool ledger_known_ = false;   // what the disk holds of it was read, if only that
    bool files_known_ = false;    // the directory was listed while it could be written to
    std::uint64_t lost_ = 0;
    std::uint64_t damaged_files_ = 0;
};

}  // namespace fanion::relay::events
