#pragma once

// An EnvironmentCache over a directory, driven from the test's thread. Every restart() stands for a
// new process that finds what the previous one left.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "common/telemetry/tracer.hpp"
#include "relay/cache/environment_cache.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/slow_disk.hpp"

namespace fanion::test {

using fanion::test::SignedEnvironment;

class CacheRig {
public:
    CacheRig(std::string directory, std::string trust) : directory_(std::move(directory)), trust_(std::move(trust)) {
        start(false);
    }
    ~CacheRig() { stop(); }

    void restart() {  // as after kill -9
        stop();
        start(false);
    }
    void crash_and_restart() {  // as after a SIGSEGV, which marks itself
        stop();
        start(true);
    }
    void close_and_restart() {
        process_->cache->close()();
        restart();
    }

    void hold_at_most(std::size_t environments) {
        most_environments_ = environments;
        restart();
    }

    wire::Verdict deliver(const std::string& env_id, const std::string& bytes) {
        return fanion::test::run_coroutine(process_->context, process_->cache->deliver_ruleset(env_id, bytes));
    }
    // Delivers and waits for the writer. "" when it was applied, else the code.
    std::string apply(const std::string& env_id, const std::string& bytes) {
        const auto verdict = deliver(env_id, bytes);
        settle();
        return verdict.rejection ? std::string(name_of(verdict.rejection->code)) : "";
    }
    std::string head(const std::string& env_id, const std::string& bytes) {
        const auto verdict = process_->cache->deliver_head(env_id, bytes);
        settle();
        return verdict.rejection ? std::string(name_of(verdict.rejection->code)) : "";
    }
    Result<> replace_trust(std::string first) {
        return fanion::test::run_coroutine(process_->context, process_->cache->replace_trust(std::move(first)));
    }
    // Starts the writer and waits until it waits for the disk.
    bool wait_for_disk(SlowDisk& disk) {
        process_->context.restart();
        process_->context.poll();
        return disk.is_reached();
    }
    // Until no task is left: everything accepted is on disk and in service.
    void settle() {
        if (process_->tasks.size() == 0) return;
        fanion::test::run_until(process_->context, [&] { return process_->tasks.size() == 0; });
    }
    void housekeep() {
        process_->cache->housekeep();
        settle();
    }

    relay::cache::EnvironmentCache& cache() { return *process_->cache; }
    relay::cache::CacheMetrics& metrics() { return process_->metrics; }
    std::vector<telemetry::Span> spans() { return process_->tracer.take(100); }
    const relay::cache::EnvironmentState* served(const std::string& env_id) {
        held_ = process_->registry.current();
        return held_ ? held_->find_environment(env_id) : nullptr;
    }
    // What is served, as "7.12", or "".
    std::string version(const std::string& env_id) {
        const auto* state = served(env_id);
        return state ? state->etag : "";
    }
    // Whether a relay below is told that the environment was revoked.
    bool passes_revocation_on(const std::string& env_id) {
        const auto revocations = process_->registry.revocations().load();
        return revocations && revocations->contains(env_id);
    }
    // Whether counts of the revoked environment are taken from the relay below with this key.
    bool granted_formerly(const std::string& env_id, std::string_view key) {
        held_ = process_->registry.current();
        return held_ && held_->granted_formerly(env_id, sha256(key));
    }
    bool synchronised() {
        held_ = process_->registry.current();
        return held_ && held_->is_synchronised();
    }
    relay::cache::EnvironmentReport report(const std::string& env_id) {
        for (auto& report : process_->cache->report()) {
            if (report.status.env_id == env_id) return report;
        }
        return {};
    }

    ManualClock clock{SignedEnvironment::start + 10'000};

private:
    struct Process {
        Process(relay::cache::CacheConfig config, relay::cache::TrustChain trust, const Clock& clock)
            : tasks(context.get_executor(), log),
              cache(std::make_unique<relay::cache::EnvironmentCache>(
                  std::move(config), std::move(trust),
                  relay::cache::CacheDeps{
                      registry, pool, tasks, clock, log, metrics, {&tracer, telemetry::TraceSampler()}})) {}
        boost::asio::io_context context;
        Log log{2, LogLevel::error};
        net::BlockingPool pool{2};  // one may wait for the disk
        relay::cache::EnvironmentRegistry registry{1};
        relay::cache::CacheMetrics metrics;
        telemetry::Tracer tracer;  // records what belongs to a trace
        net::TaskGroup tasks;
        std::unique_ptr<relay::cache::EnvironmentCache> cache;
    };

    void start(bool crashed) {
        auto trust = relay::cache::TrustChain::open(directory_ + "/trust", trust_).value();
        relay::cache::CacheConfig config;
        config.directory = directory_;
        config.max_environments = most_environments_;
        process_ = std::make_unique<Process>(std::move(config), std::move(trust), clock);
        process_->cache->load(crashed);
    }
    void stop() {
        if (!process_) return;
        held_.reset();
        process_->tasks.request_stop();
        process_->context.restart();
        process_->context.poll();
        process_->pool.join();
        process_->context.poll();
        process_.reset();
    }

    std::string directory_;
    std::string trust_;
    std::size_t most_environments_ = 1'000;
    std::unique_ptr<Process> process_;
    std::shared_ptr<const relay::cache::ServingState> held_;
};

}  // namespace fanion::test
