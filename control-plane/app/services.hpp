#pragma once

// Everything that serves once the database, the schema and the keys are there: one object of each kind, connected here and
// nowhere else. Made before its routes are served; lives on the I/O thread; ends after that thread.

#include <memory>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/health.hpp"
#include "control-plane/app/keys.hpp"
#include "control-plane/events/ingest_routes.hpp"
#include "control-plane/http/route.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/relays/relay_routes.hpp"

namespace fanion::cp::app {

struct ServiceDeps {
    boost::asio::any_io_executor executor;  // of the I/O thread
    net::BlockingPool& blocking;
    telemetry::Registry& registry;
    const Clock& clock;
    const Log& log;
};

class Services {
public:
    Services(ServiceDeps parts, const Config& config, std::string conninfo, publish::Instance instance, Keys keys);

    void add_routes(net::Router& router);
    // The long-lived tasks. On the I/O thread.
    void start(Health& health);
    // Signs with these from now on; access tokens that the key before has signed hold until they expire. On the I/O thread.
    void replace_keys(Keys keys);
    // Ends the streams, so that their connections can drain. On the I/O thread.
    void end_streams() { hub_.end_all(relays::EndReason::shutdown); }
    net::TaskGroup& tasks() noexcept { return tasks_; }

    // Of the trust document in force. On the I/O thread.
    std::uint64_t trust_version() const noexcept { return keys_.signer.trust().newest().version; }
    bool is_primed() const noexcept { return feed_.is_primed(); }
    const publish::Instance& instance() const noexcept { return instance_; }  // any thread
    std::size_t environments() const noexcept { return catalog_.environments().size(); }
    std::size_t streams() const noexcept { return hub_.size(); }

private:
    boost::asio::awaitable<void> run_feed();
    boost::asio::awaitable<void> run_database_watch(Health& health);
    boost::asio::awaitable<void> run_renewal();
    boost::asio::awaitable<void> run_purge();
    boost::asio::awaitable<void> run_key_uses();

    ServiceDeps parts_;
    publish::Instance instance_;
    Keys keys_;

    db::Metrics pg_metrics_;
    publish::Metrics publish_metrics_;
    relays::Metrics stream_metrics_;
    events::IngestMetrics ingest_metrics_;
    http::Metrics api_metrics_;

    db::Pool pool_;
    db::Listener listener_;
    keys::RelayKeys relay_keys_;
    publish::Catalog catalog_;
    publish::ImageCache images_;
    publish::Publisher publisher_;
    publish::FullRulesets full_rulesets_;
    publish::DeltaSigner delta_signer_;
    publish::RulesetSource source_;
    relays::StreamHub hub_;
    publish::ChangeFeed feed_;
    relays::RelayStream relay_stream_;
    relays::RelayAuthenticator relay_authenticator_;
    relays::StreamApi stream_api_;
    relays::DocumentApi document_api_;
    relays::StatusApi status_api_;
    events::IngestApi ingest_api_;
    identity::Passwords passwords_;
    identity::AccessTokens tokens_;
    audit::AuditLimit audit_limit_;
    net::TaskGroup tasks_;
    http::Services api_services_;
};

}  // namespace fanion::cp::app
