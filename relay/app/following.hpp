#pragma once

// Following upstream: the stream client and its helpers, connected to the cache. One thread (the control thread).

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "common/net/task_group.hpp"
#include "relay/app/config.hpp"
#include "relay/cache/environment_cache.hpp"
#include "relay/upstream/status_reporter.hpp"
#include "relay/upstream/stream_client.hpp"

namespace fanion::relay {

struct FollowingServices {
    EnvironmentCache& cache;
    EnvironmentRegistry& registry;
    UpstreamMetrics& metrics;
    const Clock& clock;
    const Log& log;
};

struct RelayIdentity {
    std::string relay;  // name, stable over restarts
    std::string boot;   // of this process
};

class Following {
public:
    // Error: an upstream that is no URL.
    static Result<std::unique_ptr<Following>> make(boost::asio::any_io_executor control, const Config& config,
                                                   const RelayIdentity& identity, FollowingServices services);

    void start(net::TaskGroup& tasks);
    void notify() { reporter_.notify(); }  // a report would look different
    void set_key(std::string relay_key);
    void set_required(const Config& config);  // its require_environments
    Result<> set_ca_file(const std::string& ca_file) { return upstreams_.set_ca_file(ca_file); }

    const StreamState& stream() const noexcept { return stream_.state(); }
    const std::string& origin() const noexcept { return upstreams_.origin(); }

private:
    Following(boost::asio::any_io_executor control, const Config& config, const RelayIdentity& identity,
              FollowingServices services, Upstreams upstreams);

    boost::asio::awaitable<Verdict> deliver(std::string env_id, Document document, std::string bytes);
    boost::asio::awaitable<void> run_synchronised_watch();
    StatusSource status_source();
    wire::RelayStatus status() const;

    FollowingServices services_;
    RelayIdentity identity_;
    Upstreams upstreams_;
    TrustClient trust_;
    Synchroniser synchroniser_;
    PollClient polls_;
    StreamClient stream_;
    StatusReporter reporter_;
};

}  // namespace fanion::relay
