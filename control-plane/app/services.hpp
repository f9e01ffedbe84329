#pragma once

// Everything that serves once the database, the schema and the keys are there: one object of each
// kind, connected here and nowhere else. Belongs to the I/O thread; must be destroyed after that
// thread has ended.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/net/blocking_pool.hpp"
#include "common/net/router.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/keys.hpp"
#include "control-plane/db/maintenance.hpp"
#include "control-plane/events/ingest_routes.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/http/route.hpp"
#include "control-plane/identity/access_token.hpp"
#include "control-plane/identity/admissions.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/passwords.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/identity/use_recorder.hpp"
#include "control-plane/live/change_hub.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/quotas/limits.hpp"
#include "control-plane/relays/relay_routes.hpp"
#include "control-plane/rollouts/runner.hpp"
#include "control-plane/schedules/runner.hpp"
#include "control-plane/sign_on/provider_client.hpp"
#include "control-plane/webhooks/courier.hpp"

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
    Services(ServiceDeps deps, const Config& config, std::string conninfo, publish::Instance instance, Keys keys);

    void add_routes(net::Router& router);
    // Starts the long-lived tasks.
    void start();
    // Signs with `keys` from now on. Access tokens signed with the previous key stay valid until
    // they expire.
    void replace_keys(Keys keys);
    // Ends the streams, so that their connections can drain.
    void end_streams() {
        hub_.end_all(relays::EndReason::shutdown);
        live_.end_all();
    }
    net::TaskGroup& tasks() noexcept { return tasks_; }

    // Whether the database answered the last ping, at most about a second ago.
    bool is_database_up() const noexcept { return database_up_; }
    // Whether every published ruleset was read once since the start.
    bool is_primed() const noexcept { return feed_.is_primed(); }
    // The version of the trust document in force.
    std::uint64_t trust_version() const noexcept { return keys_.signer.trust().newest().version; }
    const publish::Instance& instance() const noexcept { return instance_; }
    std::size_t environments() const noexcept { return catalog_.environments().size(); }
    std::size_t streams() const noexcept { return hub_.size(); }

private:
    boost::asio::awaitable<void> run_feed();
    boost::asio::awaitable<void> run_live();
    boost::asio::awaitable<void> run_database_watch();
    boost::asio::awaitable<void> run_renewal();
    boost::asio::awaitable<void> run_purge();
    boost::asio::awaitable<void> run_key_uses();
    boost::asio::awaitable<void> run_webhooks();
    boost::asio::awaitable<void> run_limits();
    boost::asio::awaitable<void> run_schedules();
    boost::asio::awaitable<void> run_rollouts();

    ServiceDeps deps_;
    unsigned audit_days_;    // how long audit entries are kept where the organisation has not set it; 0: for ever
    unsigned counts_days_;   // the same of counts of evaluations
    unsigned ruleset_days_;  // of replaced rulesets
    unsigned webhook_log_days_;
    bool database_up_ = false;
    publish::Instance instance_;
    Keys keys_;

    db::Metrics pg_metrics_;
    publish::Metrics publish_metrics_;
    relays::Metrics stream_metrics_;
    webhooks::Metrics webhook_metrics_;
    schedules::Metrics schedule_metrics_;
    rollouts::Metrics rollout_metrics_;
    sign_on::Metrics sign_on_metrics_;
    events::IngestMetrics ingest_metrics_;
    http::Metrics api_metrics_;
    live::Metrics live_metrics_;
    quotas::Metrics quota_metrics_;
    quotas::Limits limits_;

    db::Pool pool_;          // of the admin API
    db::Pool relay_pool_;    // of what relays need: no edit can hold them up
    db::Pool webhook_pool_;  // of deliveries: they and edits do not wait for each other's connections
    db::Pool rollout_pool_;  // of rollouts, for the same reason
    db::Listener listener_;
    db::Listener audit_listener_;
    live::ChangeHub live_;
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
    events::BatchWriter batch_writer_;
    events::IngestApi ingest_api_;
    identity::Passwords passwords_;
    identity::Registration registration_;
    identity::PublicUrl public_url_;
    identity::AccessTokens tokens_;
    audit::AuditLimit audit_limit_;
    net::TaskGroup tasks_;
    identity::UseRecorder uses_;
    identity::Admissions admissions_;
    http::EntityTags entity_tags_;
    flags::ListCache flag_lists_;
    webhooks::Sender webhook_sender_;
    webhooks::Courier courier_;
    rollouts::PrometheusClient prometheus_;
    sign_on::ProviderClient identity_providers_;
    rollouts::Runner rollouts_;
    http::Services api_services_;
    schedules::Runner runner_;
};

}  // namespace fanion::cp::app
