#include "relay/cache/environment_writer.hpp"

#include <utility>

#include "relay/cache/disk_job.hpp"
#include "relay/cache/head_file.hpp"
#include "relay/cache/relay_keys_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr UnixMillis disk_retry = 10'000;
constexpr UnixMillis quiet_time = 5'000;  // after the last delta

// The deltas of a ruleset that replaces another before it was written: those of both, if they lead on from there.
std::vector<JournalRecordPtr> joined(std::vector<JournalRecordPtr> before, std::vector<JournalRecordPtr> after) {
    const bool leads_on = !before.empty() && !after.empty() && after.front()->base == before.back()->floor.version;
    if (!leads_on || before.size() + after.size() > most_deltas) return after;
    before.insert(before.end(), after.begin(), after.end());
    return before;
}

}  // namespace

EnvironmentWriter::EnvironmentWriter(std::string env_id, const std::string& directory, WriterDeps deps,
                                     WriterListener listener)
    : env_id_(std::move(env_id)),
      files_(std::make_shared<const SnapshotFiles>(directory)),
      deps_(deps),
      listener_(std::move(listener)) {}

void EnvironmentWriter::restore(const LoadedEnvironment& loaded) {
    floor_ = loaded.floor;
    probation_ = loaded.probation;
    chain_ = loaded.chain;
    stored_ = loaded.candidate;
    appended_at_ = deps_.clock.now();
}

void EnvironmentWriter::save_probation_now() { update_disk_state(save_probation(files_->directory(), probation_)); }

void EnvironmentWriter::write(AcceptedRuleset ruleset) {
    if (ruleset.candidate.delta) ruleset.deltas.push_back(std::exchange(ruleset.candidate.delta, nullptr));
    if (pending_) {
        deps_.metrics.coalesced.add();
        ruleset.deltas = joined(std::move(pending_->deltas), std::move(ruleset.deltas));
    }
    pending_ = std::move(ruleset);
    start();
}

void EnvironmentWriter::write_head(std::string_view bytes) {
    head_ = bytes;
    start();
}

void EnvironmentWriter::mark_proven() {
    probation_.mark_proven();
    probation_dirty_ = true;
    start();
}

void EnvironmentWriter::erase(std::string_view revocation, std::vector<Sha256> relay_keys) {
    pending_.reset();
    compaction_wanted_ = false;
    probation_.clear_mark();
    head_.clear();
    erase_wanted_ = true;
    revocation_ = revocation;
    relay_keys_ = std::move(relay_keys);
    start();
}

void EnvironmentWriter::compact_if_quiet(UnixMillis now) {
    const bool is_quiet = now >= appended_at_ + quiet_time || now < appended_at_;
    if (!is_quiet || !is_idle() || !chain_ || chain_->journals.empty()) return;
    compaction_wanted_ = true;
    start();
}

void EnvironmentWriter::retry_if_due(UnixMillis now, const std::optional<Candidate>& served) {
    if (disk_problem_.empty() || now < retry_at_ || !served || pending_ || running_) return;
    retry_at_ = now + disk_retry;
    write({*served, std::chrono::steady_clock::now()});
}

void EnvironmentWriter::on_files_removed(const Candidate& served) {
    update_disk_state(Error{Errc::internal, "files in " + files_->directory() + " were removed"});
    chain_.reset();
    probation_dirty_ = true;
    write({served, std::chrono::steady_clock::now()});
}

std::function<void()> EnvironmentWriter::close() {
    if (!probation_.mark()) return {};
    probation_.clear_mark();
    return [files = files_, record = probation_] {
        static_cast<void>(save_probation(files->directory(), record));  // a mark that stays counts only after a crash
    };
}

void EnvironmentWriter::start() {
    if (running_) return;
    running_ = true;
    deps_.tasks.spawn("cache_writer", run());
}

boost::asio::awaitable<void> EnvironmentWriter::run() {
    for (;;) {
        if (erase_wanted_) {
            co_await run_erase();
        } else if (pending_) {
            AcceptedRuleset ruleset = std::move(*pending_);
            pending_.reset();
            co_await run_write(std::move(ruleset));
        } else if (compaction_wanted_ && disk_problem_.empty()) {
            co_await run_compact();
        } else if (probation_dirty_ && disk_problem_.empty()) {
            co_await run_write_probation();
        } else if (!head_.empty() && disk_problem_.empty()) {
            co_await run_write_head();
        } else {
            break;
        }
    }
    running_ = false;
}

std::shared_ptr<DiskJob> EnvironmentWriter::make_job(const Candidate& candidate) {
    auto job = std::make_shared<DiskJob>();
    job->files = files_;
    job->candidate = candidate;
    job->floor = floor_;
    job->record_dirty = probation_.begin(floor_of(*candidate.state)) || probation_dirty_;
    job->probation = probation_;
    job->chain = chain_;
    probation_dirty_ = false;
    return job;
}

boost::asio::awaitable<Result<>> EnvironmentWriter::run_job(std::shared_ptr<DiskJob> job) {
    auto writing = write_signed([job] { return job->run(); });
    const Result<> written = co_await std::move(writing);
    update_disk_state(written);
    if (written) {
        floor_ = raised(floor_, floor_of(*job->candidate.state));
        chain_ = job->chain;
        deps_.metrics.writes[job->is_whole ? 0 : 1].add();
    } else {
        chain_.reset();
        probation_dirty_ = true;
    }
    if (!erase_wanted_) stored_ = job->candidate;
    co_return written;
}

boost::asio::awaitable<void> EnvironmentWriter::run_write(AcceptedRuleset ruleset) {
    auto job = make_job(ruleset.candidate);
    job->deltas = std::exchange(ruleset.deltas, {});
    auto running = run_job(job);
    const Result<> written = co_await std::move(running);
    if (erase_wanted_) co_return;  // revoked meanwhile
    listener_.on_written(ruleset);
    if (!written || job->is_whole) {
        co_await run_prune(written ? SnapshotFiles::Journals::removed : SnapshotFiles::Journals::kept);
        co_return;
    }
    appended_at_ = deps_.clock.now();
    compaction_wanted_ = compaction_wanted_ || is_chain_long();
}

// Half of what a chain may have: until the snapshot is written, more may come.
bool EnvironmentWriter::is_chain_long() const {
    return 2 * chain_->deltas >= most_deltas || 2 * chain_->bytes >= most_journal_bytes(*stored_->state);
}

boost::asio::awaitable<void> EnvironmentWriter::run_compact() {
    compaction_wanted_ = false;
    if (!stored_ || !chain_ || chain_->journals.empty()) co_return;
    auto running = run_job(make_job(*stored_));
    const Result<> written = co_await std::move(running);
    if (written && !erase_wanted_) co_await run_prune(SnapshotFiles::Journals::removed);
}

boost::asio::awaitable<void> EnvironmentWriter::run_prune(SnapshotFiles::Journals journals) {
    const auto& proven = probation_.proven();
    const auto keep = proven ? std::optional(proven->version) : std::nullopt;
    const std::function<void()> prune = [files = files_, keep, journals] { files->prune(keep, journals); };
    co_await deps_.pool.run(prune);
}

boost::asio::awaitable<void> EnvironmentWriter::run_write_probation() {
    probation_dirty_ = false;
    const std::function<Result<>()> save = [files = files_, record = probation_] {
        return save_probation(files->directory(), record);
    };
    const Result<> written = co_await deps_.pool.compute(save);
    if (written) co_return;
    probation_dirty_ = true;  // written with the snapshot once the disk works again
    update_disk_state(written);
}

boost::asio::awaitable<void> EnvironmentWriter::run_write_head() {
    const std::function<Result<>()> save = [files = files_, head = std::exchange(head_, {})] {
        return save_head(files->directory(), head);
    };
    auto writing = write_signed(save);
    const Result<> written = co_await std::move(writing);
    if (!written) update_disk_state(written);
}

boost::asio::awaitable<Result<>> EnvironmentWriter::write_signed(std::function<Result<>()> write_files) {
    auto storing = deps_.trust.store();
    const Result<> stored = co_await std::move(storing);
    if (!stored) co_return stored;
    auto writing = deps_.pool.compute(std::move(write_files));
    co_return co_await std::move(writing);
}

boost::asio::awaitable<void> EnvironmentWriter::run_erase() {
    erase_wanted_ = false;
    probation_dirty_ = false;
    chain_.reset();
    stored_.reset();
    const std::function<void()> erase_files = [files = files_, record = probation_, floor = floor_,
                                               revocation = std::exchange(revocation_, {}),
                                               relay_keys = std::exchange(relay_keys_, {})] {
        const bool is_floor_kept =
            files->list_journals().empty() || (floor && save_floor(files->directory(), *floor).has_value());
        files->erase_all(is_floor_kept ? SnapshotFiles::Journals::removed : SnapshotFiles::Journals::kept);
        // Failures are harmless: nothing is left to protect, and without its snapshot a head has no effect.
        static_cast<void>(save_relay_keys(files->directory(), relay_keys));  // before what says that they are needed
        static_cast<void>(save_head(files->directory(), revocation));
        static_cast<void>(save_probation(files->directory(), record));
    };
    co_await deps_.pool.run(erase_files);
    listener_.on_erased();
}

void EnvironmentWriter::update_disk_state(const Result<>& written) {
    std::string problem = written ? std::string() : written.error().detail;
    if (!problem.empty()) {
        deps_.metrics.disk_failures.add();
        retry_at_ = deps_.clock.now() + disk_retry;
    }
    if (problem == disk_problem_) return;
    disk_problem_ = std::move(problem);
    if (disk_problem_.empty()) {
        deps_.log.info("cache_disk_recovered", {{"env_id", env_id_}});
    } else {
        deps_.log.error("cache_disk_failed", {{"env_id", env_id_}, {"problem", disk_problem_}});
    }
    listener_.on_disk_state();
}

}  // namespace fanion::relay::cache
