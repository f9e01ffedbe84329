#pragma once

// Everything this relay holds, from verified bytes to what is served and what is on disk (distribution.md, Acceptance).
//
// A ruleset is accepted and compiled on the pool, then a writer per environment puts it on disk and swaps. While one write
// is under way, newer accepted versions replace each other behind it, so a burst costs two writes and not one each.
//
// One thread (the control thread); slow work goes to the pool.
// Invariants:
// 1. What is served changes only by the swap of an accepted ruleset or by a signed revocation.
// 2. At most one disk operation per environment is under way.
// 3. A disk that cannot be written is reported and never delays nor stops the swap.

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

    // Before the control thread runs: what the disk holds goes into service. Blocking.
    void load();

    // Steps 1 to 12 for a full ruleset or a delta; returns after step 10, the swap follows by itself. One call at a time.
    boost::asio::awaitable<wire::Verdict> deliver_ruleset(std::string env_id, std::string bytes);
    // Heads and revocations.
    wire::Verdict deliver_head(const std::string& env_id, std::string_view bytes);

    // Error: not a valid successor of the trust document in force.
    Result<> append_trust(std::string_view bytes);
    // Walks the chain from another first document of the operator's. What is served stays. Error: it does not verify by itself.
    Result<> replace_trust(std::string_view first);
    std::uint64_t trust_version() const noexcept { return trust_.current()->version; }

    // Once a second: probation, staleness, a disk that came back, memory that readers let go of.
    boost::asio::awaitable<void> run_housekeeping();
    void housekeep();

    // The process ends in order: takes the probation marks away. Blocking; after the tasks have ended.
    void close();

    // What is accepted and can be the base of a delta.
    wire::Have have() const;
    std::vector<EnvironmentReport> report() const;
    // Called when a report would look different.
    void on_change(std::function<void()> listener) { on_change_ = std::move(listener); }

private:
    struct Environment;
    struct Work;

    Environment* find(std::string_view env_id) noexcept;
    std::unique_ptr<Environment> make_environment(const std::string& env_id) const;
    std::vector<std::string> environments_on_disk() const;
    void take_loaded(std::unique_ptr<Environment> environment, LoadedEnvironment loaded);

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
    void free_displaced();
    void notify() const;

    CacheConfig config_;
    TrustChain trust_;
    CacheDeps services_;
    std::map<std::string, std::unique_ptr<Environment>, std::less<>> environments_;  // addresses are kept by coroutines
    std::function<void()> on_change_;
};

}  // namespace fanion::relay::cache
