#pragma once

// A relay: the parts of the program between the network and the disk, wired as relay/app does, for
// as long as its process lives. A node has one upstream, which may be the server of another node.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/upstream_follower.hpp"
#include "relay/cache/environment_cache.hpp"
#include "relay/chain/passed_batches.hpp"
#include "tests/unit/relay/simulation/relay_server.hpp"

namespace fanion::test {

// What outlives a process.
struct NodePlace {
    Machine& machine;
    net::BlockingPool& pool;
    std::string name;       // the relay's id
    std::string directory;  // its cache
    std::string trust;      // the operator's document
    Network& upstream;
    Network* below = nullptr;  // where it serves relays; null: it does not
    Hostility* hostility = nullptr;
};

class RelayNode {
public:
    // Loads what an earlier process left in the directory.
    explicit RelayNode(const NodePlace& place);
    ~RelayNode();

    void run();  // whatever can go on now
    void count(const std::string& flag, std::uint64_t evaluations);

    relay::cache::EnvironmentCache& cache() { return cache_; }
    std::shared_ptr<const relay::cache::ServingState> serving() const { return registry_.current(); }
    relay::accounting::EventsStatus events_status() const { return events_->status(); }
    relay::chain::PassedStatus passed_status() const;
    std::uint64_t failures() const { return tasks_.failures(); }  // tasks that threw

private:
    // Its public port.
    struct Serving {
        relay::chain::PassedBatches batches;
        std::unique_ptr<relay::forward::Shipper> shipper;
        relay::rulesets::Documents documents;
        relay::rulesets::SdkStreams sdks;
        relay::serve::WorkerDeps services;
        RelayServer server;
        Serving(const NodePlace& place, RelayNode& node);
    };
    void connect();

    boost::asio::io_context context_{1};
    Log log_;
    relay::app::Config config_;
    relay::cache::EnvironmentRegistry registry_{1};
    relay::cache::CacheMetrics cache_metrics_;
    relay::upstream::UpstreamMetrics upstream_metrics_;
    net::TaskGroup tasks_;
    relay::cache::EnvironmentCache cache_;
    std::unique_ptr<relay::accounting::RelayEvents> events_;
    relay::chain::ChildReports children_;
    std::unique_ptr<relay::app::UpstreamFollower> follower_;
    std::optional<Serving> serving_;
};

}  // namespace fanion::test
