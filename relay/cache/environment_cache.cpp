#include "relay/cache/environment_cache.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "common/base/file.hpp"
#include "common/wire/sse_format.hpp"
#include "relay/cache/applied.hpp"
#include "relay/cache/compile_mark.hpp"

namespace fanion::relay::cache {
namespace {

std::string environments_directory(const CacheConfig& config) { return config.directory + "/env"; }

WriterDeps writer_deps(const CacheDeps& deps, TrustWriter& trust) {
    return {deps.pool, deps.tasks, deps.clock, deps.log, deps.metrics, trust};
}

SignedHeadPtr signed_head(const wire::Manifest& head, std::string_view bytes) {
    const auto name = head.type == wire::ManifestType::revoked ? wire::StreamEvent::revoked : wire::StreamEvent::head;
    auto event = std::make_shared<const std::string>(wire::format_event(name, head.env_id, head.version, bytes));
    return std::make_shared<const SignedHead>(SignedHead{head.version, head.issued_at, std::move(event)});
}

// Calls work(i) for all i below `count`, on as many threads as there are processors.
template <class Work>
void run_in_parallel(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
    };
    std::vector<std::jthread> threads;
    const auto wanted = std::min<std::size_t>(count, std::max(1u, std::thread::hardware_concurrency()));
    for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(run);
    run();
}

}  // namespace

struct EnvironmentCache::Environment {
    Environment(EnvironmentCache& cache, const std::string& env_id)
        : held(env_id, cache.services_.registry.make_signals()),
          writer(env_id, environments_directory(cache.config_) + "/" + env_id,
                 writer_deps(cache.services_, cache.trust_writer_),
                 {[this, &cache](const AcceptedRuleset& ruleset) { cache.serve(*this, ruleset); },
                  [&cache] { cache.notify(); }, [&cache] { cache.update_gauges(); }}) {}

    HeldEnvironment held;
    EnvironmentWriter writer;
};

EnvironmentCache::EnvironmentCache(CacheConfig config, TrustChain trust, CacheDeps services)
    : config_(std::move(config)),
      trust_(std::move(trust)),
      services_(services),
      trust_writer_(trust_.directory(), {services.pool, services.tasks, services.log, services.metrics}) {
    services_.metrics.disk_ok.set(1);
    services_.metrics.trust_version.set(static_cast<double>(trust_version()));
    services_.registry.put_trust(trust_.documents());
}

EnvironmentCache::~EnvironmentCache() = default;

EnvironmentCache::Environment* EnvironmentCache::find(std::string_view env_id) noexcept {
    const auto at = environments_.find(env_id);
    return at == environments_.end() ? nullptr : at->second.get();
}

// A revoked environment takes no place; one that is held has its own.
bool EnvironmentCache::has_room(const Environment* environment) const {
    return (environment && environment->held.accepted()) || accepted().size() < config_.max_environments;
}

void EnvironmentCache::load(bool crashed) {
    // An earlier process may have ended before it synced the directory of a successor that was read.
    if (!trust_.successors().empty() && !sync_directory(trust_.directory())) trust_writer_.write(trust_.successors());
    const auto ids = list_environments(environments_directory(config_), config_.max_environments);
    std::vector<std::unique_ptr<Environment>> environments;
    for (const auto& id : ids) environments.push_back(std::make_unique<Environment>(*this, id));
    // A compile that was in progress explains a crash; then it does not count against what was served.
    const auto was_compiling = [](const auto& environment) {
        return has_compile_mark(environment->writer.files().directory());
    };
    const bool crashed_serving = crashed && std::none_of(environments.begin(), environments.end(), was_compiling);
    std::vector<LoadedEnvironment> loaded(ids.size());
    const auto now = services_.clock.now();
    const auto trust = trust_.current();
    run_in_parallel(ids.size(), [&](std::size_t i) {
        PrepareInput input;
        input.trust = trust;
        input.env_id = ids[i];
        input.signals = environments[i]->held.signals();
        input.now = now;
        input.max_bytes = config_.max_bytes;
        loaded[i] = load_environment(environments[i]->writer.files(), std::move(input), crashed_serving);
    });
    for (std::size_t i = 0; i < ids.size(); ++i) restore_revocation(ids[i], loaded[i]);  // before what is published
    for (std::size_t i = 0; i < ids.size(); ++i) add_loaded(std::move(environments[i]), std::move(loaded[i]));
    update_gauges();
}

void EnvironmentCache::restore_revocation(const std::string& env_id, LoadedEnvironment& loaded) {
    if (!loaded.revocation) return;
    services_.registry.put_revocation(env_id, signed_head(*loaded.revocation, loaded.revocation_bytes));
    services_.registry.put_former_keys(env_id, std::move(loaded.former_keys));
}

void EnvironmentCache::add_loaded(std::unique_ptr<Environment> environment, LoadedEnvironment loaded) {
    auto& [held, writer] = *environment;
    const auto& env_id = held.env_id();
    for (const auto& problem : loaded.problems) {
        services_.log.warn("cache_load_warning", {{"env_id", env_id}, {"problem", problem}});
    }
    log_quarantined(env_id, loaded);
    held.restore(loaded, services_.clock.now());
    if (loaded.head) held.signals()->set_head(signed_head(*loaded.head, loaded.head_bytes));
    writer.restore(loaded);
    if (loaded.rejection) services_.metrics.rejected[static_cast<std::size_t>(loaded.rejection->code)].add();
    if (loaded.candidate) {
        writer.save_probation_now();
        serve(*environment, {std::move(*loaded.candidate), std::chrono::steady_clock::now()});
    }
    environments_.emplace(env_id, std::move(environment));
}

void EnvironmentCache::log_quarantined(const std::string& env_id, const LoadedEnvironment& loaded) const {
    const auto serving = loaded.candidate ? loaded.candidate->state->etag : "nothing";
    for (const auto& [ruleset, reason] :
         {std::pair(loaded.quarantined.by_crash, "the process crashed twice with it"),
          std::pair(loaded.quarantined.by_compile, "its compile never came back, twice")}) {
        if (!ruleset) continue;
        services_.log.error("ruleset_quarantined", {{"env_id", env_id},
                                                    {"version", wire::to_string(ruleset->version)},
                                                    {"reason", reason},
                                                    {"serving", serving},
                                                    {"hours", quarantine_time / 3'600'000}});
    }
}

// One line per change of state: what repeats is only counted.
bool EnvironmentCache::is_new_rejection(const std::string& env_id, const Environment* environment,
                                        const wire::Rejection& rejection) {
    constexpr std::size_t most_remembered = 100;
    if (environment) {
        const auto& last = environment->held.rejection();
        return !last || last->code != rejection.code || last->detail != rejection.detail;
    }
    if (rejected_unknown_.size() >= most_remembered && !rejected_unknown_.contains(env_id)) rejected_unknown_.clear();
    const auto [at, is_first] = rejected_unknown_.try_emplace(env_id, rejection.code);
    return std::exchange(at->second, rejection.code) != rejection.code || is_first;
}

wire::Verdict EnvironmentCache::reject(const std::string& env_id, Environment* environment, wire::Rejection rejection) {
    services_.metrics.rejected[static_cast<std::size_t>(rejection.code)].add();
    if (is_new_rejection(env_id, environment, rejection)) {
        services_.log.warn("ruleset_rejected",
                           {{"env_id", env_id}, {"code", name_of(rejection.code)}, {"detail", rejection.detail}});
    }
    auto verdict = wire::Verdict::rejected(rejection);
    // A gap is normal operation: the full ruleset is fetched next.
    if (environment && rejection.code != wire::Nack::gap) {
        environment->held.reject(std::move(rejection));
        update_gauges();
        notify();
    }
    return verdict;
}

boost::asio::awaitable<wire::Verdict> EnvironmentCache::deliver_ruleset(std::string env_id, std::string bytes) {
    return deliver(std::move(env_id), std::move(bytes), false);
}

boost::asio::awaitable<wire::Verdict> EnvironmentCache::deliver_snapshot(std::string env_id, std::string bytes) {
    return deliver(std::move(env_id), std::move(bytes), true);
}

boost::asio::awaitable<wire::Verdict> EnvironmentCache::deliver(std::string env_id, std::string bytes, bool at_rest) {
    const auto received = std::chrono::steady_clock::now();
    auto taking = turns_.take();
    const auto turn = co_await std::move(taking);
    std::unique_ptr<Environment> fresh;
    auto* environment = find(env_id);
    if (!wire::is_valid_env_id(env_id) || !has_room(environment)) {
        wire::Rejection refused{wire::Nack::wrong_audience,
                                "the limit of environments is reached, or the environment id is not valid"};
        co_return reject(env_id, environment, std::move(refused));
    }
    if (!environment) {
        fresh = std::make_unique<Environment>(*this, env_id);
        environment = fresh.get();
    }
    auto input =
        std::make_shared<const PrepareInput>(PrepareInput{.bytes = std::move(bytes),
                                                          .trust = trust_.current(),
                                                          .env_id = env_id,
                                                          .floor = environment->held.floor(),
                                                          .held = environment->held.accepted(),
                                                          .probation = environment->writer.probation(),
                                                          .signals = environment->held.signals(),
                                                          .now = services_.clock.now(),
                                                          .at_rest = at_rest,
                                                          .mark_directory = environment->writer.files().directory(),
                                                          .max_bytes = config_.max_bytes});
    const std::function<std::variant<Candidate, wire::Rejection>()> run = [input] { return prepare(*input); };
    auto prepared = co_await services_.pool.compute(run);
    if (auto* rejection = std::get_if<wire::Rejection>(&prepared)) {
        co_return reject(env_id, fresh ? nullptr : environment, std::move(*rejection));
    }
    if (fresh) environments_.emplace(env_id, std::move(fresh));
    rejected_unknown_.erase(env_id);
    co_return accept(*environment, {std::move(std::get<Candidate>(prepared)), received});
}

wire::Verdict EnvironmentCache::accept(Environment& environment, AcceptedRuleset ruleset) {
    const auto version = ruleset.candidate.state->version;
    const bool had_rejection = environment.held.rejection().has_value();
    if (!environment.held.accept(ruleset.candidate.state)) {
        if (had_rejection) notify();
        return wire::Verdict::accepted(wire::Outcome::unchanged, version);
    }
    environment.writer.write(std::move(ruleset));
    return wire::Verdict::accepted(wire::Outcome::applied, version);
}

wire::Verdict EnvironmentCache::deliver_head(const std::string& env_id, std::string_view bytes) {
    auto* environment = find(env_id);
    wire::Expected expected;
    expected.env_id = env_id;
    if (environment) expected.floor = environment->held.floor();
    auto checked = wire::accept_head(bytes, *trust_.current(), expected);
    if (auto* rejection = std::get_if<wire::Rejection>(&checked))
        return reject(env_id, environment, std::move(*rejection));
    const auto& manifest = std::get<wire::AcceptedHead>(checked).manifest;
    const bool had_rejection = environment && environment->held.rejection();
    if (environment && !environment->held.apply_head(manifest, services_.clock.now())) {
        return reject(env_id, environment, {wire::Nack::rollback, "a newer head was accepted before"});
    }
    if (had_rejection && !environment->held.rejection()) notify();
    services_.metrics.heads.add();
    if (!environment) return wire::Verdict::accepted(wire::Outcome::head, manifest.version);
    if (manifest.type == wire::ManifestType::revoked) return revoke(*environment, manifest, bytes);
    if (environment->held.accepted()) environment->writer.write_head(bytes);
    environment->held.signals()->set_head(signed_head(manifest, bytes));
    services_.registry.notify_head(env_id);
    return wire::Verdict::accepted(wire::Outcome::head, manifest.version);
}

wire::Verdict EnvironmentCache::revoke(Environment& environment, const wire::Manifest& manifest,
                                       std::string_view bytes) {
    services_.log.warn("environment_revoked", {{"env_id", environment.held.env_id()}});
    services_.metrics.revocations.add();
    services_.registry.put_revocation(environment.held.env_id(), signed_head(manifest, bytes));
    services_.registry.erase(environment.held.env_id());
    environment.held.revoke();
    environment.writer.erase(bytes, services_.registry.former_keys(environment.held.env_id()));
    return wire::Verdict::accepted(wire::Outcome::revoked, manifest.version);
}

void EnvironmentCache::serve(Environment& environment, const AcceptedRuleset& ruleset) {
    if (!environment.held.serve(ruleset.candidate, services_.clock.now())) return;
    services_.registry.put(ruleset.candidate.state);
    record_applied(ruleset, {services_.metrics, services_.log, services_.tracing});
    update_gauges();
    notify();
}

boost::asio::awaitable<void> EnvironmentCache::run_housekeeping() {
    constexpr std::chrono::milliseconds interval{1'000};
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(interval)) {
        housekeep();
        free_replaced();
    }
}

void EnvironmentCache::housekeep() {
    constexpr UnixMillis check_interval = 10'000;
    const auto now = services_.clock.now();
    if (now >= check_files_at_) {
        check_files_at_ = now + check_interval;
        services_.tasks.spawn("cache_check", run_check_files());
    }
    for (auto& [env_id, environment] : environments_) {
        auto& [held, writer] = *environment;
        const auto& mark = writer.probation().mark();
        if (mark && held.has_proven(*mark, now)) writer.mark_proven();
        writer.retry_if_due(now, held.served());
        writer.compact_if_quiet(now);
        if (!held.update_stale(now)) continue;
        services_.log.info(held.is_stale(now) ? "environment_stale" : "environment_fresh", {{"env_id", env_id}});
        notify();
    }
}

// The directory may be removed under the running process: that is to be noticed before the next change.
boost::asio::awaitable<void> EnvironmentCache::run_check_files() {
    struct Expected {
        std::string env_id;
        SnapshotFiles files;
        std::optional<StoredChain> chain;
    };
    std::vector<Expected> expected;
    for (const auto& [env_id, environment] : environments_) {
        const auto& [held, writer] = *environment;
        if (held.served() && writer.is_idle()) expected.push_back({env_id, writer.files(), writer.chain()});
    }
    const std::function<std::vector<std::string>()> find_missing = [checked = std::move(expected)] {
        std::vector<std::string> missing;
        for (const auto& e : checked) {
            if (!e.chain || is_missing(e.files, *e.chain)) missing.push_back(e.env_id);
        }
        return missing;
    };
    const auto missing = co_await services_.pool.compute(find_missing);
    for (const auto& env_id : missing) {
        auto* environment = find(env_id);
        if (!environment || !environment->held.served() || !environment->writer.is_idle()) continue;
        environment->writer.on_files_removed(*environment->held.served());
    }
    co_await restore_trust_files();
}

// On the pool: freeing a large ruleset takes long, and this thread may be about to apply the next one. After a burst of
// changes the C library is asked to return what was freed: by itself it keeps it, and each thread's share is fragmented.
void EnvironmentCache::free_replaced() {
    auto replaced = std::make_shared<std::vector<std::shared_ptr<const void>>>(services_.registry.take_unreferenced());
    constexpr unsigned longest_burst = 30;  // calls, one a second
    const bool is_quiet = replaced->empty();
    if (!is_quiet) {
        ++untrimmed_;
        services_.tasks.spawn("cache_free", services_.pool.run([replaced] { replaced->clear(); }));
    }
    if (untrimmed_ == 0 || (!is_quiet && untrimmed_ < longest_burst)) return;
    untrimmed_ = 0;
    services_.tasks.spawn("cache_trim", services_.pool.run([] { ::malloc_trim(0); }));
}

std::function<void()> EnvironmentCache::close() {
    auto works = std::make_shared<std::vector<std::function<void()>>>();
    for (auto& [env_id, environment] : environments_) {
        if (auto work = environment->writer.close()) works->push_back(std::move(work));
    }
    return [works] {
        for (const auto& work : *works) work();
    };
}

void EnvironmentCache::update_gauges() {
    double quarantined = 0;
    bool disk_ok = true;
    for (const auto& [env_id, environment] : environments_) {
        disk_ok = disk_ok && environment->writer.disk_problem().empty();
        const auto& rejection = environment->held.rejection();
        if (rejection && rejection->code == wire::Nack::quarantined) ++quarantined;
    }
    services_.metrics.quarantined.set(quarantined);
    services_.metrics.disk_ok.set(disk_ok ? 1 : 0);
}

void EnvironmentCache::notify() const {
    if (on_change_) on_change_();
}

std::vector<EnvironmentReport> EnvironmentCache::report() const {
    std::vector<EnvironmentReport> reports;
    const auto now = services_.clock.now();
    for (const auto& [env_id, environment] : environments_) {
        if (auto report = make_report(environment->held, environment->writer, now)) {
            reports.push_back(std::move(*report));
        }
    }
    return reports;
}

std::vector<EnvironmentStatePtr> EnvironmentCache::accepted() const {
    std::vector<EnvironmentStatePtr> accepted;
    for (const auto& [env_id, environment] : environments_) {
        if (environment->held.accepted()) accepted.push_back(environment->held.accepted());
    }
    return accepted;
}

wire::Have EnvironmentCache::have() const {
    wire::Have have;
    for (const auto& state : accepted()) have.emplace(state->env_id, state->version);
    return have;
}

}  // namespace fanion::relay::cache
