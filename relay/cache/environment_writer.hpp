#pragma once

// Writes the files of one environment: snapshots with the floor or the deltas that follow them, the
// probation record, the newest head. An accepted ruleset passes through here before it is served:
//
//     write(ruleset) -> written on the pool -> WriterListener::on_written(ruleset)
//
// Invariants:
// 1. At most one disk operation of the environment is in progress. Of each kind only the newest
//    waits behind it (of deltas, all that lead to it), so a burst of rulesets costs two writes.
// 2. A failed write is reported and retried later; on_written() is called anyway.
// 3. The mark of a ruleset on probation is written before on_written().
// 4. Snapshots, deltas, floors and heads are written only when the trust document by which they
//    were accepted is on disk: without it they would not verify at the next start.
// 5. Deltas are replaced by a snapshot of what is served, when there are many and when no more have
//    come for a while. What is served does not wait for it.
//
// One thread (the control thread), which never waits for the disk, except in the functions marked
// blocking. Must outlive the task group's tasks.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "relay/cache/cache_metrics.hpp"
#include "relay/cache/disk_job.hpp"
#include "relay/cache/environment_loader.hpp"
#include "relay/cache/trust_writer.hpp"

namespace fanion::relay::cache {

// On its way to disk and into service.
struct AcceptedRuleset {
    Candidate candidate;
    std::chrono::steady_clock::time_point received;
    std::vector<JournalRecordPtr> deltas = {};  // of the writer: those that are not on disk yet
};

struct WriterDeps {
    net::BlockingPool& pool;
    net::TaskGroup& tasks;
    const Clock& clock;
    const Log& log;
    CacheMetrics& metrics;
    TrustWriter& trust;
};

// Called on the control thread.
struct WriterListener {
    std::function<void(const AcceptedRuleset&)> on_written;  // on disk, or its write failed: to be served now
    std::function<void()> on_erased;
    std::function<void()> on_disk_state;  // disk_problem() changed
};

class EnvironmentWriter {
public:
    EnvironmentWriter(std::string env_id, const std::string& directory, WriterDeps deps, WriterListener listener);
    EnvironmentWriter(const EnvironmentWriter&) = delete;

    const SnapshotFiles& files() const noexcept { return *files_; }
    const Probation& probation() const noexcept { return probation_; }
    // Why the last write failed; empty: it succeeded.
    const std::string& disk_problem() const noexcept { return disk_problem_; }

    // At startup: what the files hold, and what of it is going to be served.
    void restore(const LoadedEnvironment& loaded);
    // Blocking: for startup, before the first write.
    void save_probation_now();

    // The files that lead to what is on disk; empty: unknown.
    const std::optional<StoredChain>& chain() const noexcept { return chain_; }

    // Replaces a ruleset that waits to be written (counted as coalesced).
    void write(AcceptedRuleset ruleset);
    void write_head(std::string_view bytes);
    // The ruleset on probation is proven.
    void mark_proven();
    // Removes all files except the floor, and keeps the revocation in the place of the head, with
    // the relay keys that granted the environment. A ruleset whose write is in progress is not
    // served.
    void erase(std::string_view revocation, std::vector<Sha256> relay_keys);
    // Replaces the deltas on disk by a snapshot when none has come for a while.
    void compact_if_quiet(UnixMillis now);
    // Writes `served` again when the last write failed and the pause after it is over.
    void retry_if_due(UnixMillis now, const std::optional<Candidate>& served);

    // Nothing is being written, and the last write succeeded: the files of what is served are
    // there.
    bool is_idle() const noexcept { return !running_ && !pending_ && disk_problem_.empty(); }
    // Somebody removed them: they are written again.
    void on_files_removed(const Candidate& served);

    // Clean shutdown: the work that removes the probation mark, for the pool; empty when there is
    // none. Call after the tasks have ended.
    std::function<void()> close();

private:
    void start();
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> run_write(AcceptedRuleset ruleset);
    boost::asio::awaitable<void> run_compact();
    boost::asio::awaitable<void> run_write_probation();
    boost::asio::awaitable<void> run_write_head();
    boost::asio::awaitable<void> run_erase();
    std::shared_ptr<DiskJob> make_job(const Candidate& candidate);
    boost::asio::awaitable<Result<>> run_job(std::shared_ptr<DiskJob> job);
    boost::asio::awaitable<void> run_prune(SnapshotFiles::Journals journals);
    boost::asio::awaitable<Result<>> write_signed(std::function<Result<>()> write_files);
    bool is_chain_long() const;
    void update_disk_state(const Result<>& written);

    std::string env_id_;
    std::shared_ptr<const SnapshotFiles> files_;  // shared with jobs on the pool
    WriterDeps deps_;
    WriterListener listener_;
    std::optional<wire::Floor> floor_;  // on disk
    Probation probation_;
    std::optional<StoredChain> chain_;
    std::optional<Candidate> stored_;  // the newest that was written, or whose write failed
    UnixMillis appended_at_ = 0;

    // Operations that wait for their turn, in the order in which run() performs them.
    bool erase_wanted_ = false;
    std::string revocation_;
    std::vector<Sha256> relay_keys_;
    std::optional<AcceptedRuleset> pending_;
    bool compaction_wanted_ = false;
    bool probation_dirty_ = false;
    std::string head_;  // empty: none
    bool running_ = false;

    std::string disk_problem_;
    UnixMillis retry_at_ = 0;
};

}  // namespace fanion::relay::cache
