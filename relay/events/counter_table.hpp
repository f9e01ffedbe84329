#pragma once

// All counter files of a relay: creates them for the workers, drains them into batches, removes them when drained.
//
// Exactly-once counting. Each slot holds a total that only grows, and a mark: how much of it is in batches that are
// safe. A batch is sealed in steps, and a kill may come between any two:
//   1. seal(): in each slot `pending` = total as read now; the batch is the sum of pending - mark.
//   2. the ledger names the batch (id, window). From here on the batch can be rebuilt from the files.
//   3. the caller stores the batch where it survives a kill (the spool), or has it settled.
//   4. apply(): mark = pending in each slot; then the ledger forgets the batch.
// If the next process finds no batch in the ledger, the marks are right as they are and nothing counted is lost. If
// it finds one (interrupted()) that the spool has, apply() completes step 4, which is idempotent. Otherwise the batch
// is sealed again under the same id, so that the control plane recognises it if it was delivered. Every evaluation is
// in exactly one batch.
//
// new_file(), admit_unknown(), accepted() and the getters are thread-safe; the rest is called by one thread at a time.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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
    wire::DroppedEvents dropped;
    bool more = false;  // not everything fitted: call seal() again
};

class CounterTable {
public:
    // Loads the files of earlier processes. Damaged files are moved to `damaged/` and counted.
    CounterTable(CounterTableConfig config, UnixMillis now, const Log& log);

    // Never fails: when no file can be created, counts are kept in memory. The worker's previous file is drained and
    // removed.
    std::shared_ptr<ShardFile> new_file(unsigned worker);
    bool admit_unknown(std::string_view env, std::string_view flag) { return unknown_.admit(env, flag); }

    // The batch that a kill interrupted between steps 2 and 4.
    std::optional<SealedCounts> interrupted();
    // Steps 1 and 2. `total_dropped`: all events that this relay ever dropped. Empty when there is nothing to report.
    // Precondition: the batch sealed before was applied.
    std::optional<SealedCounts> seal(std::string id, UnixMillis now, std::size_t max_bytes,
                                     const wire::DroppedEvents& total_dropped);
    void apply();
    bool is_pending() const noexcept { return !ledger_.pending_id.empty(); }
    const std::string& pending_id() const noexcept { return ledger_.pending_id; }

    // Call when no worker counts any more: every file is drained and removed.
    void end_all_files();
    // Moves workers that count in memory to files, if files can be created again.
    void return_to_disk();
    void sync() const;

    std::uint64_t accepted() const;  // evaluations ever counted here
    std::uint64_t sealed() const;    // of these, in batches that were applied
    // At startup, from the spool's totals: how many evaluations must have been sealed.
    void set_sealed(std::uint64_t evaluations);
    bool had_ledger() const noexcept { return had_ledger_; }
    bool is_on_disk() const;
    // Approximate size of the batch that seal() would return now.
    std::size_t unsealed_bytes() const;
    std::uint64_t damaged_files() const noexcept { return damaged_files_; }

private:
    using Files = std::vector<std::shared_ptr<ShardFile>>;

    void open_ledger(UnixMillis now);
    void load_files();
    void move_aside(const std::string& path);
    Result<std::shared_ptr<ShardFile>> make_file(unsigned worker);
    bool is_current(const ShardFile& file) const noexcept;
    void remove_drained_files();
    void store_ledger();

    CounterTableConfig config_;
    const Log& log_;
    UnknownFlags unknown_;
    std::atomic<std::uint64_t> next_file_;

    mutable std::mutex mutex_;  // the members below, and every slot's marks
    Files files_;
    Files current_;  // by worker; null before its first
    Files spare_;    // by worker: made in advance by return_to_disk()
    Ledger ledger_;
    std::optional<StateFile> ledger_file_;
    bool had_ledger_ = false;
    std::uint64_t damaged_files_ = 0;
};

}  // namespace fanion::relay::events
