#pragma once

// All rulesets of this relay, from verified bytes to what is served and what is on disk (distribution.md, Acceptance).
//
// A ruleset is accepted and compiled on the pool; then the environment's writer stores it on disk and swaps it into
// service. While a write is in progress only the newest accepted version waits behind it, so a burst costs two
// writes.
//
// One thread (the control thread); slow work runs on the pool.
// Invariants:
// 1. What is served changes only by the swap of an accepted ruleset or by a signed revocation.
// 2. At most one disk operation per environment is in progress.
// 3. A failed write to disk is reported; the swap follows all the same.

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
#include "common/wire/have.hpp"
#include "common/wire/status.hpp"
#include "common/wire/verdict.hpp"
#include "relay/cache/cache_metrics.hpp"
#include "relay/cache/environment_loader.hpp"
#include "relay/cache/trust_chain.hpp"

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
};

// For the status report and /status.
struct EnvironmentReport {
    wire::EnvironmentStatus status;
    std::optional<wire::Version> floor;
    UnixMillis stale_for = 0;
    UnixMillis issued_at = 0;
    UnixMillis applied_at = 0;
    std::size_t items = 0;
    bool on_probation = false;
    std::string disk_problem;
};

class EnvironmentCache {
public:
    EnvironmentCache(CacheConfig config, TrustChain trust, CacheDeps services);
    ~EnvironmentCache();
    EnvironmentCache(const EnvironmentCache&) = delete;

    // Puts what the disk holds into service. Blocking: call before the control thread runs.
    void load();

    // Steps 1 to 12 for a full ruleset or a delta. Returns after step 10; write and swap follow. One call at a time.
    boost::asio::awaitable<wire::Verdict> deliver_ruleset(std::string env_id, std::string bytes);
    // Heads and revocations.
    wire::Verdict deliver_head(const std::string& env_id, std::string_view bytes);

    // Error: not a valid successor of the trust document in force.
    Result<> append_trust(std::string_view bytes);
    // Rebuilds the chain from another first document. What is served stays. Error: its own signatures do not verify.
    Result<> replace_trust(std::string_view first);
    std::uint64_t trust_version() const noexcept { return trust_.current()->version; }

    // Once a second: probation, staleness, retries of failed writes, memory that no reader uses any more.
    boost::asio::awaitable<void> run_housekeeping();
    void housekeep();

    // Clean shutdown: removes the probation marks. Blocking; call after the tasks have ended.
    void close();

    // The accepted version of each environment: the possible bases of deltas.
    wire::Have have() const;
    std::vector<EnvironmentReport> report() const;
    // Called when report() would return something else.
    void on_change(std::function<void()> listener) { on_change_ = std::move(listener); }

private:
    struct Environment;
    struct Work;

    Environment* find(std::string_view env_id) noexcept;
    std::unique_ptr<Environment> make_environment(const std::string& env_id) const;
    std::vector<std::string> environments_on_disk() const;
    void add_loaded(std::unique_ptr<Environment> environment, LoadedEnvironment loaded);

    void publish_trust_version();
    wire::Verdict reject(const std::string& env_id, Environment* environment, wire::Rejection rejection);
    wire::Verdict accept(Environment& environment, Candidate candidate, std::chrono::steady_clock::time_point received);
    wire::Verdict revoke(Environment& environment, const wire::Manifest& manifest);

    void start_writer(Environment& environment);
    boost::asio::awaitable<void> run_writer(Environment& environment);
    boost::asio::awaitable<void> write_and_serve(Environment& environment, Work work);
    boost::asio::awaitable<void> write_record(Environment& environment);
    boost::asio::awaitable<void> write_head(Environment& environment);
    boost::asio::awaitable<void> erase_files(Environment& environment);
    void update_disk_state(Environment& environment, const Result<>& written);
    void serve(Environment& environment, const Work& work);
    void watch_probation(Environment& environment, UnixMillis now);
    void update_gauges();
    void free_replaced();
    void notify() const;

    CacheConfig config_;
    TrustChain trust_;
    CacheDeps services_;
    // By id. Stable addresses: coroutines refer to them.
    std::map<std::string, std::unique_ptr<Environment>, std::less<>> environments_;
    std::function<void()> on_change_;
};

}  // namespace fanion::relay::cache
