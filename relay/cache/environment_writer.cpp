#include "relay/cache/environment_writer.hpp"

#include <utility>

#include "relay/cache/disk_job.hpp"
#include "relay/cache/head_file.hpp"
#include "relay/cache/relay_keys_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr UnixMillis disk_retry = 10'000;

}  // namespace

EnvironmentWriter::EnvironmentWriter(std::string env_id, const std::string& directory, WriterDeps deps,
                                     WriterListener listener)
    : env_id_(std::move(env_id)),
      files_(std::make_shared<const SnapshotFiles>(directory)),
      deps_(deps),
      listener_(std::move(listener)) {}

void EnvironmentWriter::restore(std::optional<wire::Floor> floor, Probation probation) {
    floor_ = std::move(floor);
    probation_ = std::move(probation);
}

void EnvironmentWriter::save_probation_now() { update_disk_state(save_probation(files_->directory(), probation_)); }

void EnvironmentWriter::write(AcceptedRuleset ruleset) {
    if (pending_) deps_.metrics.coalesced.add();
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
    probation_.clear_mark();
    head_.clear();
    erase_wanted_ = true;
    revocation_ = revocation;
    relay_keys_ = std::move(relay_keys);
    start();
}

void EnvironmentWriter::retry_if_due(UnixMillis now, const std::optional<Candidate>& served) {
    if (disk_problem_.empty() || now < retry_at_ || !served || pending_ || running_) return;
    retry_at_ = now + disk_retry;
    write({*served, std::chrono::steady_clock::now()});
}

void EnvironmentWriter::on_files_removed(const Candidate& served) {
    update_disk_state(Error{Errc::internal, "files in " + files_->directory() + " were removed"});
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

boost::asio::awaitable<void> EnvironmentWriter::run_write(AcceptedRuleset ruleset) {
    const auto& candidate = ruleset.candidate;
    auto job = std::make_shared<DiskJob>();
    job->files = files_;
    job->candidate = candidate;
    job->floor = floor_;
    job->record_dirty = probation_.begin(floor_of(*candidate.state)) || probation_dirty_;
    job->probation = probation_;
    probation_dirty_ = false;
    auto writing = write_signed([job] { return job->run(); });
    const Result<> written = co_await std::move(writing);
    update_disk_state(written);
    if (erase_wanted_) co_return;  // revoked meanwhile
    if (!written) probation_dirty_ = true;
    if (written) floor_ = raised(floor_, floor_of(*candidate.state));
    listener_.on_written(ruleset);
    const auto& proven = probation_.proven();
    const auto keep = proven ? std::optional(proven->version) : std::nullopt;
    const std::function<void()> prune = [files = files_, keep] { files->prune(keep); };
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
    const std::function<void()> erase_files = [files = files_, record = probation_,
                                               revocation = std::exchange(revocation_, {}),
                                               relay_keys = std::exchange(relay_keys_, {})] {
        files->erase_all();
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
