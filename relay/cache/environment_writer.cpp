// EnvironmentCache: writing to disk, putting into service, housekeeping.

#include "relay/cache/disk_job.hpp"
#include "relay/cache/durable_file.hpp"
#include "relay/cache/environment_record.hpp"
#include "relay/cache/head_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr UnixMillis disk_retry = 10'000;

}  // namespace

void EnvironmentCache::start_writer(Environment& environment) {
    if (environment.writing) return;
    environment.writing = true;
    services_.tasks.spawn("cache_writer", run_writer(environment));
}

boost::asio::awaitable<void> EnvironmentCache::run_writer(Environment& environment) {
    for (;;) {
        if (environment.erase_wanted) {
            co_await erase_files(environment);
        } else if (environment.pending) {
            Work work = std::move(*environment.pending);
            environment.pending.reset();
            co_await write_and_serve(environment, std::move(work));
        } else if (environment.record_dirty && environment.disk_problem.empty()) {
            co_await write_record(environment);
        } else if (!environment.head.empty() && environment.disk_problem.empty()) {
            co_await write_head(environment);
        } else {
            break;
        }
    }
    environment.writing = false;
}

boost::asio::awaitable<void> EnvironmentCache::write_and_serve(Environment& environment, Work work) {
    auto job = std::make_shared<DiskJob>();
    job->files = environment.files;
    job->candidate = work.candidate;
    job->floor = environment.disk_floor;
    job->record_dirty = environment.probation.begin(floor_of(*work.candidate.state)) || environment.record_dirty;
    job->probation = environment.probation;
    environment.record_dirty = false;
    const std::function<Result<>()> run = [job] { return job->run(); };
    const Result<> written = co_await services_.pool.compute(run);
    update_disk_state(environment, written);
    if (environment.erase_wanted) co_return;  // revoked meanwhile
    if (!written) environment.record_dirty = true;
    if (written) environment.disk_floor = raised(environment.disk_floor, floor_of(*work.candidate.state));
    serve(environment, work);
    const auto& proven = environment.probation.proven();
    const auto keep = proven ? std::optional(proven->version) : std::nullopt;
    const std::function<void()> prune = [files = environment.files, keep] { files->prune(keep); };
    co_await services_.pool.run(prune);
}

void EnvironmentCache::serve(Environment& environment, const Work& work) {
    const bool rewrite = environment.served && environment.served->state == work.candidate.state;
    environment.served = work.candidate;
    if (rewrite) return;
    const auto& state = *work.candidate.state;
    if (environment.signals->head_expires_at() == 0) environment.signals->set_head_expires_at(services_.clock.now());
    environment.served_since = services_.clock.now();
    environment.evaluations_before = environment.signals->evaluations();
    const auto took = std::chrono::steady_clock::now() - work.received;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    services_.metrics.applied.add();
    services_.metrics.apply_seconds.observe(std::chrono::duration<double>(took).count());
    services_.registry.put(work.candidate.state);
    services_.log.info("ruleset_applied", {{"env_id", state.env_id},
                                           {"version", state.etag},
                                           {"flags", state.ruleset->flag_count()},
                                           {"micros", micros}});
    update_gauges();
    notify();
}

boost::asio::awaitable<void> EnvironmentCache::write_record(Environment& environment) {
    environment.record_dirty = false;
    const std::function<Result<>()> run = [files = environment.files, record = environment.probation] {
        return save_probation(files->directory(), record);
    };
    const Result<> written = co_await services_.pool.compute(run);
    if (written) co_return;
    environment.record_dirty = true;  // written with the snapshot once the disk works again
    update_disk_state(environment, written);
}

boost::asio::awaitable<void> EnvironmentCache::write_head(Environment& environment) {
    const std::function<Result<>()> run = [files = environment.files, head = std::exchange(environment.head, {})] {
        return save_head(files->directory(), head);
    };
    const Result<> written = co_await services_.pool.compute(run);
    if (!written) update_disk_state(environment, written);
}

boost::asio::awaitable<void> EnvironmentCache::erase_files(Environment& environment) {
    environment.erase_wanted = false;
    environment.record_dirty = false;
    const std::function<void()> erase = [files = environment.files, record = environment.probation] {
        files->erase_all();
        erase_head(files->directory());
        static_cast<void>(
            save_probation(files->directory(), record));  // a failure is harmless: nothing is left to protect
    };
    co_await services_.pool.run(erase);
    notify();
}

void EnvironmentCache::update_disk_state(Environment& environment, const Result<>& written) {
    const std::string problem = written ? std::string() : written.error().detail;
    if (!problem.empty()) {
        services_.metrics.disk_failures.add();
        environment.retry_disk_at = services_.clock.now() + disk_retry;
    }
    if (problem == environment.disk_problem) return;
    environment.disk_problem = problem;
    if (problem.empty()) {
        services_.log.info("cache_disk_recovered", {{"env_id", environment.env_id}});
    } else {
        services_.log.error("cache_disk_failed", {{"env_id", environment.env_id}, {"problem", problem}});
    }
    update_gauges();
}

boost::asio::awaitable<void> EnvironmentCache::run_housekeeping() {
    constexpr std::chrono::milliseconds interval{1'000};
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(interval)) {
        housekeep();
        free_replaced();
    }
}

void EnvironmentCache::housekeep() {
    const auto now = services_.clock.now();
    for (auto& [env_id, environment] : environments_) {
        auto& e = *environment;
        watch_probation(e, now);
        if (!e.disk_problem.empty() && now >= e.retry_disk_at && e.served && !e.pending && !e.writing) {
            e.retry_disk_at = now + disk_retry;
            e.pending = Work{*e.served, std::chrono::steady_clock::now()};
            start_writer(e);
        }
        const bool stale = e.served && e.signals->stale_for(now) > 0;
        if (stale == e.stale) continue;
        e.stale = stale;
        services_.log.info(stale ? "environment_stale" : "environment_fresh", {{"env_id", env_id}});
        notify();
    }
}

void EnvironmentCache::watch_probation(Environment& environment, UnixMillis now) {
    const auto& mark = environment.probation.mark();
    if (!mark || !environment.served || mark->ruleset.root != environment.served->state->root) return;
    const auto evaluations = environment.signals->evaluations() - environment.evaluations_before;
    if (!is_proven(now - environment.served_since, evaluations)) return;
    environment.probation.mark_proven();
    environment.record_dirty = true;
    start_writer(environment);
}

void EnvironmentCache::free_replaced() {
    auto replaced = std::make_shared<std::vector<std::shared_ptr<const void>>>(services_.registry.take_unreferenced());
    if (replaced->empty()) return;
    // On the pool: freeing a large ruleset takes long, and this thread may be about to apply the next one.
    services_.tasks.spawn("cache_free", services_.pool.run([replaced] { replaced->clear(); }));
}

void EnvironmentCache::close() {
    for (auto& [env_id, environment] : environments_) {
        if (!environment->probation.mark()) continue;
        environment->probation.clear_mark();
        update_disk_state(*environment, save_probation(environment->files->directory(), environment->probation));
    }
}

void EnvironmentCache::update_gauges() {
    double quarantined = 0;
    bool disk_ok = true;
    for (const auto& [env_id, environment] : environments_) {
        disk_ok = disk_ok && environment->disk_problem.empty();
        const auto& rejection = environment->rejection;
        if (rejection && rejection->code == wire::Nack::quarantined) ++quarantined;
    }
    services_.metrics.quarantined.set(quarantined);
    services_.metrics.disk_ok.set(disk_ok ? 1 : 0);
}

void EnvironmentCache::notify() const {
    if (on_change_) on_change_();
}

}  // namespace fanion::relay::cache
