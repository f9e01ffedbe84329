#pragma once

// Everything that one I/O thread serves with: one object of each kind, connected here and nowhere
// else. Belongs to that thread and shares with others only SharedServices and what is handed in as
// a dependency; must be destroyed after the thread has ended.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "common/telemetry/trace_place.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/keys.hpp"
#include "control-plane/app/shared_services.hpp"
#include "control-plane/events/ingest_routes.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/http/route.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/relays/relay_routes.hpp"
#include "control-plane/sign_on/provider_client.hpp"

namespace fanion::cp::app {

struct ServiceDeps {
    boost::asio::any_io_executor executor;  // of the thread
    net::BlockingPool& blocking;
    telemetry::Registry& registry;
    const Clock& clock;
    const Log& log;
    telemetry::RequestTracing tracing = {};
};

class Services {
public:
    Services(ServiceDeps deps, SharedServices& shared, const Config& config, const std::string& conninfo, Keys keys);

    void add_routes(net::Router& router);
    // Starts the long-lived tasks.
    void start();
    // Accepts access tokens that other threads sign with `key`.
    void expect_key(const Ed25519PrivateKey& key) { tokens_.expect(key); }
    // Signs with `keys` from now on. Access tokens signed with the previous key stay valid until
    // they expire.
    void replace_keys(Keys keys);
    // Ends the streams, so that their connections can drain.
    void end_streams() {
        hub_.end_all(relays::EndReason::shutdown);
        live_.end_all();
    }

    // For what runs on this thread.
    const boost::asio::any_io_executor& executor() const noexcept { return deps_.executor; }
    net::TaskGroup& tasks() noexcept { return tasks_; }
    SharedServices& shared() noexcept { return shared_; }
    db::Pool& pool() noexcept { return pool_; }
    db::Metrics& pool_metrics() noexcept { return pg_metrics_; }
    publish::Publisher& publisher() noexcept { return publisher_; }
    publish::Metrics& publish_metrics() noexcept { return publish_metrics_; }
    const publish::Catalog& catalog() const noexcept { return catalog_; }
    publish::RulesetSource& rulesets() noexcept { return source_; }
    http::Services& api() noexcept { return api_services_; }
    const Keys& keys() const noexcept { return keys_; }

    // Any thread may ask these. Whether every published ruleset was read once since the start.
    bool is_primed() const noexcept { return feed_.is_primed(); }
    std::size_t environments() const noexcept {
        return static_cast<std::size_t>(publish_metrics_.environments.value());
    }
    std::size_t streams() const noexcept { return static_cast<std::size_t>(stream_metrics_.streams.value()); }

private:
    boost::asio::awaitable<void> run_feed();
    boost::asio::awaitable<void> run_live();
    boost::asio::awaitable<void> run_key_uses();

    ServiceDeps deps_;
    SharedServices& shared_;
    Keys keys_;

    db::Metrics pg_metrics_;
    publish::Metrics publish_metrics_;
    relays::Metrics stream_metrics_;
    sign_on::Metrics sign_on_metrics_;
    events::IngestMetrics ingest_metrics_;
    http::Metrics api_metrics_;
    live::Metrics live_metrics_;

    db::Pool pool_;        // of the admin API
    db::Pool relay_pool_;  // of what relays need: no edit can hold them up
    db::Listener listener_;
    db::Listener audit_listener_;
    live::ChangeHub live_;
    keys::RelayKeys relay_keys_;
    publish::Catalog catalog_;
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
    events::BatchWriter batch_writer_;
    events::IngestApi ingest_api_;
    identity::AccessTokens tokens_;
    net::TaskGroup tasks_;
    identity::UseRecorder uses_;
    identity::Admissions admissions_;
    http::EntityTags entity_tags_;
    flags::ListCache flag_lists_;
    sign_on::ProviderClient identity_providers_;
    http::Services api_services_;
};

}  // namespace fanion::cp::app
