#pragma once

// Copies of the newest signed rulesets in other places (--publish-to): backups, and what relays
// start from while no control plane answers. Belongs to the first I/O thread.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "common/net/task_group.hpp"
#include "common/store/snapshot_publisher.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/services.hpp"

namespace fanion::cp::app {

class SnapshotCopies {
public:
    SnapshotCopies(const Config& config, const ServiceDeps& deps, Services& services);
    ~SnapshotCopies();
    SnapshotCopies(const SnapshotCopies&) = delete;

    // Starts the long-lived tasks.
    void start(net::TaskGroup& tasks);
    // What waits for a store ends within a second.
    void stop() noexcept { stopped_->store(true); }

private:
    store::SnapshotSource source();
    boost::asio::awaitable<std::shared_ptr<const std::string>> snapshot(std::string env_id);

    Services& services_;
    const Log& log_;
    std::shared_ptr<std::atomic<bool>> stopped_;  // shared with jobs on the pool
    store::PublisherMetrics metrics_;
    net::BlockingPool pool_;  // one thread for each place
    std::vector<std::unique_ptr<store::SnapshotPublisher>> publishers_;
};

}  // namespace fanion::cp::app
