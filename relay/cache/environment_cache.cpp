#include "relay/cache/environment_cache.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "relay/cache/durable_file.hpp"
#include "relay/cache/environment_record.hpp"

namespace fanion::relay::cache {
namespace {

bool is_same(const EnvironmentStatePtr& held, const EnvironmentState& state) {
    const bool adds_full_form = held && held->full_head.empty() && !state.full_head.empty();
    return held && held->version == state.version && held->root == state.root && !adds_full_form;
}

std::string environments_directory(const CacheConfig& config) { return config.directory + "/env"; }

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

EnvironmentCache::EnvironmentCache(CacheConfig config, TrustChain trust, CacheDeps services)
    : config_(std::move(config)), trust_(std::move(trust)), services_(services) {
    services_.metrics.disk_ok.set(1);
    services_.metrics.trust_version.set(static_cast<double>(trust_version()));
}

EnvironmentCache::~EnvironmentCache() = default;

EnvironmentCache::Environment* EnvironmentCache::find(std::string_view env_id) noexcept {
    const auto at = environments_.find(env_id);
    return at == environments_.end() ? nullptr : at->second.get();
}

std::unique_ptr<EnvironmentCache::Environment> EnvironmentCache::make_environment(const std::string& env_id) const {
    auto environment = std::make_unique<Environment>();
    environment->env_id = env_id;
    environment->files = std::make_shared<const SnapshotFiles>(environments_directory(config_) + "/" + env_id);
    environment->signals = services_.registry.make_signals();
    return environment;
}

std::vector<std::string> EnvironmentCache::environments_on_disk() const {
    std::vector<std::string> ids;
    std::error_code reason;
    const auto directory = environments_directory(config_);
    for (std::filesystem::directory_iterator at(directory, reason), end; !reason && at != end; at.increment(reason)) {
        auto name = at->path().filename().string();
        if (wire::is_valid_env_id(name)) ids.push_back(std::move(name));
    }
    std::sort(ids.begin(), ids.end());
    if (ids.size() > config_.max_environments) ids.resize(config_.max_environments);
    return ids;
}

void EnvironmentCache::load() {
    const auto ids = environments_on_disk();
    std::vector<std::unique_ptr<Environment>> environments(ids.size());
    std::vector<LoadedEnvironment> loaded(ids.size());
    const auto now = services_.clock.now();
    const auto trust = trust_.current();
    run_in_parallel(ids.size(), [&](std::size_t i) {
        environments[i] = make_environment(ids[i]);
        PrepareInput input;
        input.trust = trust;
        input.env_id = ids[i];
        input.signals = environments[i]->signals;
        input.now = now;
        input.max_bytes = config_.max_bytes;
        loaded[i] = load_environment(*environments[i]->files, std::move(input));
    });
    bool any = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        any = any || loaded[i].candidate.has_value();
        add_loaded(std::move(environments[i]), std::move(loaded[i]));
    }
    if (any) services_.registry.set_synchronised(true);
    update_gauges();
}

void EnvironmentCache::add_loaded(std::unique_ptr<Environment> environment, LoadedEnvironment loaded) {
    auto& e = *environment;
    for (const auto& problem : loaded.problems) {
        services_.log.warn("cache_load_warning", {{"env_id", e.env_id}, {"problem", problem}});
    }
    e.floor = loaded.floor;
    e.disk_floor = loaded.floor;
    e.newest_head = loaded.head ? loaded.head->issued_at : 0;
    e.probation = std::move(loaded.probation);
    e.rejection = std::move(loaded.rejection);
    if (e.rejection) services_.metrics.rejected[static_cast<std::size_t>(e.rejection->code)].add();
    if (loaded.candidate) {
        auto saved = save_probation(e.files->directory(), e.probation);
        update_disk_state(e, saved);
        e.accepted = loaded.candidate->state;
        // Without a head it is stale from now on, until one is received.
        const auto expires_at = loaded.head ? loaded.head->expires_at : std::nullopt;
        e.signals->set_head_expires_at(expires_at.value_or(services_.clock.now()));
        serve(e, Work{std::move(*loaded.candidate), std::chrono::steady_clock::now()});
    }
    environments_.emplace(e.env_id, std::move(environment));
}

wire::Verdict EnvironmentCache::reject(const std::string& env_id, Environment* environment, wire::Rejection rejection) {
    services_.metrics.rejected[static_cast<std::size_t>(rejection.code)].add();
    services_.log.warn("ruleset_rejected",
                       {{"env_id", env_id}, {"code", name_of(rejection.code)}, {"detail", rejection.detail}});
    auto verdict = wire::Verdict::rejected(rejection);
    // A gap is normal operation: the full ruleset is fetched next.
    if (environment && rejection.code != wire::Nack::gap) {
        environment->rejection = std::move(rejection);
        update_gauges();
        notify();
    }
    return verdict;
}

boost::asio::awaitable<wire::Verdict> EnvironmentCache::deliver_ruleset(std::string env_id, std::string bytes) {
    const auto received = std::chrono::steady_clock::now();
    std::unique_ptr<Environment> fresh;
    auto* environment = find(env_id);
    if (!environment) {
        if (!wire::is_valid_env_id(env_id) || environments_.size() >= config_.max_environments) {
            wire::Rejection refused{wire::Nack::wrong_audience,
                                    "the limit of environments is reached, or the environment id is not valid"};
            co_return reject(env_id, nullptr, std::move(refused));
        }
        fresh = make_environment(env_id);
        environment = fresh.get();
    }
    auto input = std::make_shared<const PrepareInput>(PrepareInput{.bytes = std::move(bytes),
                                                                   .trust = trust_.current(),
                                                                   .env_id = env_id,
                                                                   .floor = environment->floor,
                                                                   .held = environment->accepted,
                                                                   .probation = environment->probation,
                                                                   .signals = environment->signals,
                                                                   .now = services_.clock.now(),
                                                                   .max_bytes = config_.max_bytes});
    const std::function<std::variant<Candidate, wire::Rejection>()> run = [input] { return prepare(*input); };
    auto prepared = co_await services_.pool.compute(run);
    input.reset();
    if (auto* rejection = std::get_if<wire::Rejection>(&prepared)) {
        co_return reject(env_id, fresh ? nullptr : environment, std::move(*rejection));
    }
    if (fresh) environments_.emplace(env_id, std::move(fresh));
    co_return accept(*environment, std::move(std::get<Candidate>(prepared)), received);
}

wire::Verdict EnvironmentCache::accept(Environment& environment, Candidate candidate,
                                       std::chrono::steady_clock::time_point received) {
    const auto version = candidate.state->version;
    const bool had_rejection = environment.rejection.has_value();
    environment.rejection.reset();
    if (is_same(environment.accepted, *candidate.state)) {
        if (had_rejection) notify();
        return wire::Verdict::accepted(wire::Outcome::unchanged, version);
    }
    environment.floor = raised(environment.floor, floor_of(*candidate.state));
    environment.accepted = candidate.state;
    if (environment.pending) services_.metrics.coalesced.add();
    environment.pending = Work{std::move(candidate), received};
    start_writer(environment);
    return wire::Verdict::accepted(wire::Outcome::applied, version);
}

wire::Verdict EnvironmentCache::deliver_head(const std::string& env_id, std::string_view bytes) {
    auto* environment = find(env_id);
    wire::Expected expected;
    expected.env_id = env_id;
    if (environment) expected.floor = environment->floor;
    auto checked = wire::accept_head(bytes, *trust_.current(), expected);
    if (auto* rejection = std::get_if<wire::Rejection>(&checked))
        return reject(env_id, environment, std::move(*rejection));
    const auto& manifest = std::get<wire::AcceptedHead>(checked).manifest;
    if (environment && manifest.issued_at < environment->newest_head) {
        return reject(env_id, environment, {wire::Nack::rollback, "a newer head was accepted before"});
    }
    services_.metrics.heads.add();
    if (!environment) return wire::Verdict::accepted(wire::Outcome::head, manifest.version);
    environment->newest_head = manifest.issued_at;
    if (manifest.type == wire::ManifestType::revoked) return revoke(*environment, manifest);
    environment->signals->set_head_expires_at(manifest.expires_at.value_or(0));
    if (environment->accepted) {
        environment->head = bytes;
        start_writer(*environment);
    }
    return wire::Verdict::accepted(wire::Outcome::head, manifest.version);
}

wire::Verdict EnvironmentCache::revoke(Environment& environment, const wire::Manifest& manifest) {
    services_.log.warn("environment_revoked", {{"env_id", environment.env_id}});
    services_.metrics.revocations.add();
    services_.registry.erase(environment.env_id);
    environment.accepted.reset();
    environment.served.reset();
    environment.pending.reset();
    environment.rejection.reset();
    environment.probation.clear_mark();
    environment.head.clear();
    environment.erase_wanted = true;  // the floor stays: an old ruleset cannot come back by replay
    start_writer(environment);
    return wire::Verdict::accepted(wire::Outcome::revoked, manifest.version);
}

Result<> EnvironmentCache::append_trust(std::string_view bytes) {
    auto appended = trust_.append(bytes);
    if (!appended) return appended;
    publish_trust_version();
    return {};
}

Result<> EnvironmentCache::replace_trust(std::string_view first) {
    auto chain = trust_.over(first);
    if (!chain) return chain.error();
    trust_ = std::move(*chain);
    publish_trust_version();
    return {};
}

void EnvironmentCache::publish_trust_version() {
    services_.log.info("trust_updated", {{"version", trust_version()}, {"disk_problem", trust_.disk_problem()}});
    services_.metrics.trust_version.set(static_cast<double>(trust_version()));
    notify();
}

wire::Have EnvironmentCache::have() const {
    wire::Have have;
    for (const auto& [env_id, environment] : environments_) {
        if (environment->accepted) have.emplace(env_id, environment->accepted->version);
    }
    return have;
}

}  // namespace fanion::relay::cache
