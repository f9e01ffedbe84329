#pragma once

// The places outside of the own disk: what --bootstrap reads and --publish-to writes, connected to
// the cache. One thread (the control thread).

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "common/net/task_group.hpp"
#include "common/store/snapshot_publisher.hpp"
#include "relay/app/config.hpp"
#include "relay/app/readiness.hpp"
#include "relay/app/upstream_follower.hpp"
#include "relay/bootstrap/bootstrap.hpp"

namespace fanion::relay::app {

struct StoresDeps {
    cache::EnvironmentCache& cache;
    cache::EnvironmentRegistry& registry;
    UpstreamFollower& follower;
    const ReadinessRules& readiness;
    const Log& log;
};

class Stores {
public:
    // Error: invalid_input, a location that cannot be used.
    static Result<std::unique_ptr<Stores>> make(const Config& config, StoresDeps deps);
    ~Stores();

    // Starts the long-lived tasks.
    void start(net::TaskGroup& tasks);
    // What waits for a store ends within a second. The tasks are about to be cancelled.
    void stop() noexcept { stopped_->store(true); }
    void register_metrics(telemetry::Registry& registry) const;

private:
    Stores(const Config& config, StoresDeps deps);
    Result<> open_publishers(const Config& config);
    bootstrap::BootstrapSink bootstrap_sink();
    store::SnapshotSource snapshot_source();
    boost::asio::awaitable<wire::Verdict> deliver(std::string env_id, std::string bytes);
    boost::asio::awaitable<std::shared_ptr<const std::string>> snapshot(std::string env_id);
    bool lacks_data() const;

    StoresDeps deps_;
    bool has_upstream_;
    std::shared_ptr<std::atomic<bool>> stopped_;  // shared with jobs on the pool
    store::Access access_;
    net::BlockingPool pool_;  // one thread for each place
    bootstrap::BootstrapMetrics bootstrap_metrics_;
    store::PublisherMetrics publisher_metrics_;
    std::unique_ptr<bootstrap::Bootstrap> bootstrap_;  // null: no place to start from
    std::vector<std::unique_ptr<store::SnapshotPublisher>> publishers_;
};

}  // namespace fanion::relay::app
