#pragma once

// Everything that serves once the database, the schema and the keys are there: one object of each kind, connected here and
// nowhere else. Made before its routes are served; lives on the I/O thread; ends after that thread.

#include <memory>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/api/routes.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/health.hpp"
#include "control-plane/app/keys.hpp"
#include "control-plane/ingest/ingest_api.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/store/instance.hpp"
#include "control-plane/stream/relay_api.hpp"

namespace fanion::app {

struct ServingParts {
    boost::asio::any_io_executor executor;  // of the I/O thread
    net::BlockingPool& blocking;
    telemetry::Registry& registry;
    const Clock& clock;
    const Log& log;
};

class Serving {
public:
    Serving(ServingParts parts, const Config& config, std::string conninfo, store::Instance instance, Keys keys);

    void add_routes(net::Router& router);
    // The long-lived tasks. On the I/O thread.
    void start(Health& health);
    // Signs with these from now on; access tokens that the key before has signed hold until they expire. On the I/O thread.
    void replace_keys(Keys keys);
    // Ends the streams, so that their connections can drain. On the I/O thread.
    void end_streams() { hub_.end_all(stream::EndReason::shutdown); }
    net::TaskGroup& tasks() noexcept { return tasks_; }

    // Of the trust document in force. On the I/O thread.
    std::uint64_t trust_version() const noexcept { return keys_.signer.trust().newest().version; }
    bool is_primed() const noexcept { return feed_.is_primed(); }
    const store::Instance& instance() const noexcept { return instance_; }  // any thread
    std::size_t environments() const noexcept { return catalog_.environments().size(); }
    std::size_t streams() const noexcept { return hub_.size(); }

private:
    boost::asio::awaitable<void> run_feed();
    boost::asio::awaitable<void> run_database_watch(Health& health);
    boost::asio::awaitable<void> run_renewal();
    boost::asio::awaitable<void> run_purge();
    boost::asio::awaitable<void> run_key_uses();

    ServingParts parts_;
    store::Instance instance_;
    Keys keys_;

    pg::Metrics pg_metrics_;
    publish::Metrics publish_metrics_;
    stream::Metrics stream_metrics_;
    ingest::IngestMetrics ingest_metrics_;
    api::Metrics api_metrics_;

    pg::Pool pool_;
    pg::Listener listener_;
    store::RelayKeys relay_keys_;
    publish::Catalog catalog_;
    publish::ImageCache images_;
    publish::Publisher publisher_;
    publish::RulesetSource source_;
    stream::StreamHub hub_;
    publish::ChangeFeed feed_;
    stream::RelayStream relay_stream_;
    stream::RelayApi relay_api_;
    ingest::IngestApi ingest_api_;
    api::Passwords passwords_;
    api::AccessTokens tokens_;
    domain::AuditLimit audit_limit_;
    net::TaskGroup tasks_;
    api::Services api_services_;
};

}  // namespace fanion::app
