#pragma once

// All environments of this relay: verifies what is delivered, and ensures that what is accepted is
// written to disk and put into service (distribution.md, Acceptance).
//
// Made of, per environment: HeldEnvironment, what is accepted and served; EnvironmentWriter, what
// is written to disk; and EnvironmentReport, what is reported of both. A ruleset is accepted and
// compiled on the pool; then its writer stores it, and it is swapped into service.
//
// One thread (the control thread); slow work runs on the pool. Invariant: what is served changes
// only by the swap of an accepted ruleset or by a signed revocation.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/task_group.hpp"
#include "common/net/turns.hpp"
#include "common/telemetry/trace_place.hpp"
#include "common/wire/have.hpp"
#include "common/wire/verdict.hpp"
#include "relay/cache/environment_report.hpp"
#include "relay/cache/environment_writer.hpp"
#include "relay/cache/held_environment.hpp"
#include "relay/cache/trust_chain.hpp"
#include "relay/cache/trust_writer.hpp"

namespace fanion::relay::cache {

struct CacheConfig {
    std::string directory;
    std::size_t max_bytes = 40u * 1024 * 1024;  // of one document
    std::size_t max_environments = 1'000;
};

struct CacheDeps {
    EnvironmentRegistry& registry;
    net::BlockingPool& pool;
    net::TaskGroup& tasks;
    const Clock& clock;
    const Log& log;
    CacheMetrics& metrics;
    telemetry::RequestTracing tracing = {};
};

class EnvironmentCache {
public:
    EnvironmentCache(CacheConfig config, TrustChain trust, CacheDeps services);
    ~EnvironmentCache();
    EnvironmentCache(const EnvironmentCache&) = delete;

    // Puts what the disk holds into service. `crashed`: an earlier process marked its own crash.
    // Blocking: call before the control thread runs.
    void load(bool crashed);

    // Steps 1 to 12 for a full ruleset or a delta. Returns after step 10; write and swap follow.
    // Deliveries take turns.
    boost::asio::awaitable<wire::Verdict> deliver_ruleset(std::string env_id, std::string bytes);
    // The same for a snapshot that was at rest, where a delta's manifest may precede the complete
    // items.
    boost::asio::awaitable<wire::Verdict> deliver_snapshot(std::string env_id, std::string bytes);
    // Heads and revocations.
    wire::Verdict deliver_head(const std::string& env_id, std::string_view bytes);

    // In force at once; the pool writes it to disk. Error: not a valid successor of the trust
    // document in force.
    Result<> append_trust(std::string_view bytes);
    // Rebuilds the chain from another first document; the pool reads the successors on disk. What
    // is served stays. Error: its own signatures do not verify.
    boost::asio::awaitable<Result<>> replace_trust(std::string first);
    std::uint64_t trust_version() const noexcept { return trust_.current()->version; }
    // The documents of the chain, but for those before the operator's: all that others need to
    // follow it from there.
    TrustChain::Successors trust_documents() const;

    // Once a second: probation, staleness, retries of failed writes, files that were removed,
    // memory that no reader uses any more.
    boost::asio::awaitable<void> run_housekeeping();
    void housekeep();

    // Clean shutdown: the work that removes the probation marks, for the pool. Call after the tasks
    // have ended.
    std::function<void()> close();

    // The accepted version of each environment: the possible bases of deltas.
    wire::Have have() const;
    // The accepted rulesets themselves, in order of env_id.
    std::vector<EnvironmentStatePtr> accepted() const;
    std::vector<EnvironmentReport> report() const;
    // Called when report() would return something else.
    void on_change(std::function<void()> listener) { on_change_ = std::move(listener); }

private:
    struct Environment;

    Environment* find(std::string_view env_id) noexcept;
    bool has_room(const Environment* environment) const;
    boost::asio::awaitable<wire::Verdict> deliver(std::string env_id, std::string bytes, bool at_rest);
    void restore_revocation(const std::string& env_id, LoadedEnvironment& loaded);
    void add_loaded(std::unique_ptr<Environment> environment, LoadedEnvironment loaded);
    void log_quarantined(const std::string& env_id, const LoadedEnvironment& loaded) const;

    void publish_trust_version();
    bool is_new_rejection(const std::string& env_id, const Environment* environment, const wire::Rejection& rejection);
    wire::Verdict reject(const std::string& env_id, Environment* environment, wire::Rejection rejection);
    wire::Verdict accept(Environment& environment, AcceptedRuleset ruleset);
    wire::Verdict revoke(Environment& environment, const wire::Manifest& manifest, std::string_view bytes);
    void serve(Environment& environment, const AcceptedRuleset& ruleset);

    void update_gauges();
    boost::asio::awaitable<void> run_check_files();
    boost::asio::awaitable<void> restore_trust_files();
    void free_replaced();
    void notify() const;

    CacheConfig config_;
    TrustChain trust_;
    CacheDeps services_;
    TrustWriter trust_writer_;
    net::Turns turns_;  // of deliveries
    // By id. Stable addresses: coroutines and listeners refer to them.
    std::map<std::string, std::unique_ptr<Environment>, std::less<>> environments_;
    UnixMillis check_files_at_ = 0;
    unsigned untrimmed_ = 0;  // seconds in which memory was freed since it was last given back
    std::map<std::string, wire::Nack> rejected_unknown_;  // last code, of environments that are not held
    std::function<void()> on_change_;
};

}  // namespace fanion::relay::cache
