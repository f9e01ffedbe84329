#pragma once

// Follows the control plane: the stream client and its helpers, connected to the cache. One thread
// (the control thread).

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "common/net/task_group.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/config.hpp"
#include "relay/attributes/seen_attributes.hpp"
#include "relay/cache/environment_cache.hpp"
#include "relay/chain/child_reports.hpp"
#include "relay/upstream/status_reporter.hpp"
#include "relay/upstream/stream_client.hpp"

namespace fanion::relay::app {

struct UpstreamFollowerDeps {
    cache::EnvironmentCache& cache;
    cache::EnvironmentRegistry& registry;
    upstream::UpstreamMetrics& metrics;
    const Clock& clock;
    const Log& log;
    chain::ChildReports& children;
    const accounting::RelayEvents& events;
};

struct RelayIdentity {
    std::string relay;  // the relay's name, stable over restarts
    std::string boot;   // random, of this process
    std::vector<std::string> labels = {};
};

class UpstreamFollower {
public:
    // `tls`: for https; may be null where no upstream is. Error: invalid_input, an upstream that is
    // not a valid URL.
    static Result<std::unique_ptr<UpstreamFollower>> make(boost::asio::any_io_executor control, const Config& config,
                                                          net::ClientTls tls, const RelayIdentity& identity,
                                                          UpstreamFollowerDeps deps);

    // Starts the long-lived tasks; none without an upstream.
    void start(net::TaskGroup& tasks);
    // The relay's status changed: it is reported soon.
    void notify() { reporter_.notify(); }
    // Reports what a worker noted of contexts' attributes, soon if there is a new name.
    void note(const attributes::Noted& noted);
    const attributes::SeenAttributes& attributes() const noexcept { return attributes_; }
    // The cache accepted a ruleset from elsewhere.
    void on_held(const std::string& env_id, wire::Version version) { synchroniser_.on_held(env_id, version); }
    // For requests and streams from now on; a paused connection is tried at once.
    void set_key(std::string relay_key);
    // Applies `config.require_environments`.
    void set_required(const Config& config);
    // For connections from now on.
    void set_tls(const net::ClientTls& tls) { upstreams_.set_tls(tls); }

    const upstream::StreamState& stream() const noexcept { return stream_.state(); }
    std::string origin() const { return upstreams_.origin(); }

private:
    UpstreamFollower(boost::asio::any_io_executor control, const Config& config, const RelayIdentity& identity,
                     UpstreamFollowerDeps deps, upstream::Upstreams upstreams);

    boost::asio::awaitable<wire::Verdict> deliver(std::string env_id, upstream::Document document, std::string bytes);
    boost::asio::awaitable<void> run_synchronised_watch();
    boost::asio::awaitable<bool> holds_all_granted();
    bool is_complete(std::size_t served) const;
    upstream::StatusSource status_source();
    void adopt_noted();
    wire::RelayStatus status() const;

    UpstreamFollowerDeps deps_;
    RelayIdentity identity_;
    upstream::Upstreams upstreams_;
    upstream::TrustClient trust_;
    upstream::Synchroniser synchroniser_;
    upstream::PollClient polls_;
    upstream::StreamClient stream_;
    upstream::StatusReporter reporter_;
    attributes::SeenAttributes attributes_;
    bool list_failed_ = false;  // the last request for what is granted, which is logged once
};

}  // namespace fanion::relay::app
