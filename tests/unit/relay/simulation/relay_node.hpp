#pragma once

// A relay: the parts of the program between the network and the disk, wired as relay/app does, for
// as long as its process lives. A node has one upstream; a chain is a line of nodes whose servers
// are each other.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/cache/environment_cache.hpp"
#include "relay/upstream/stream_client.hpp"
#include "tests/unit/relay/simulation/machine.hpp"

namespace fanion::test {

class RelayNode {
public:
    // Loads what an earlier process left in `directory`.
    RelayNode(Machine& machine, net::BlockingPool& pool, const std::string& directory, const std::string& trust);
    ~RelayNode();

    void run();  // whatever can go on now
    void count(const std::string& flag, std::uint64_t evaluations);

    relay::cache::EnvironmentCache& cache() { return cache_; }
    std::shared_ptr<const relay::cache::ServingState> serving() const { return registry_.current(); }
    relay::accounting::EventsStatus events_status() const { return events_->status(); }
    std::uint64_t failures() const { return tasks_.failures(); }  // tasks that threw

private:
    boost::asio::awaitable<wire::Verdict> deliver(std::string env_id, relay::upstream::Document document,
                                                  std::string bytes);

    boost::asio::io_context context_{1};
    Log log_;
    relay::cache::EnvironmentRegistry registry_{1};
    relay::cache::CacheMetrics cache_metrics_;
    relay::upstream::UpstreamMetrics upstream_metrics_;
    net::TaskGroup tasks_;
    relay::cache::EnvironmentCache cache_;
    relay::upstream::Upstreams upstreams_;
    relay::upstream::TrustClient trust_;
    std::unique_ptr<relay::upstream::Synchroniser> synchroniser_;
    std::unique_ptr<relay::upstream::PollClient> polls_;
    std::unique_ptr<relay::upstream::StreamClient> stream_;
    std::unique_ptr<relay::accounting::RelayEvents> events_;
};

}  // namespace fanion::test
