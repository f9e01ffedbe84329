#include "control-plane/app/services.hpp"

#include <algorithm>
#include <thread>

#include "control-plane/app/admin_routes.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/attributes/attribute_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/retention.hpp"
#include "control-plane/events/thinning.hpp"
#include "control-plane/identity/gate.hpp"
#include "control-plane/live/presence_store.hpp"
#include "control-plane/projects/purge.hpp"
#include "control-plane/publish/epoch_renewal.hpp"
#include "control-plane/quotas/event_day_store.hpp"
#include "control-plane/webhooks/delivery_store.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t webhook_connections = 2;
constexpr std::size_t rollout_connections = 2;

quotas::LimitsConfig limits_of(const Config& config) {
    quotas::OwnQuotas given;
    quotas::apply_changes(given, config.quotas);
    return {{config.request_rate, config.request_burst},
            quotas::combined(quotas::usual_quotas(), given),
            quotas::steady_now};
}

// A hash sweeps through its memory, which slows what runs on other cores too: at most half of the cores compute one.
identity::PasswordCost password_cost() {
    identity::PasswordCost cost;
    cost.concurrent = std::max(1u, std::thread::hardware_concurrency() / 2);
    return cost;
}

}  // namespace

Services::Services(ServiceDeps deps, const Config& config, std::string conninfo, publish::Instance instance, Keys keys)
    : deps_(deps),
      audit_days_(config.audit_retention_days),
      counts_days_(config.counts_retention_days),
      ruleset_days_(config.ruleset_retention_days),
      webhook_log_days_(config.webhook_log_days),
      instance_(std::move(instance)),
      keys_(std::move(keys)),
      pg_metrics_(deps.registry),
      publish_metrics_(deps.registry),
      stream_metrics_(deps.registry),
      webhook_metrics_(deps.registry),
      schedule_metrics_(deps.registry),
      rollout_metrics_(deps.registry),
      sign_on_metrics_(deps.registry),
      ingest_metrics_(deps.registry),
      api_metrics_(deps.registry),
      live_metrics_(deps.registry),
      quota_metrics_(deps.registry),
      limits_(limits_of(config), quota_metrics_),
      pool_(deps.executor, admin_pool(conninfo, config), pg_metrics_, deps.log),
      relay_pool_(deps.executor, relay_pool(conninfo, config), pg_metrics_, deps.log),
      webhook_pool_(deps.executor, app_pool(conninfo, config, webhook_connections), pg_metrics_, deps.log),
      rollout_pool_(deps.executor, app_pool(conninfo, config, rollout_connections), pg_metrics_, deps.log),
      listener_(deps.executor, app_connection(conninfo, config), {publish::changes_channel}, deps.log),
      audit_listener_(deps.executor, app_connection(conninfo, config), {audit::audit_channel, live::presence_channel},
                      deps.log),
      live_(deps.executor, {pool_, deps.blocking, live_metrics_, deps.log}),
      relay_keys_(relay_pool_),
      publisher_(images_, keys_.signer, deps.blocking, deps.clock, publish_metrics_, instance_.epoch),
      full_rulesets_({relay_pool_, images_, publish_metrics_, deps.log}),
      delta_signer_({relay_pool_, keys_.signer, deps.clock, publish_metrics_}),
      source_({catalog_, full_rulesets_, delta_signer_, deps.blocking}),
      hub_(deps.executor, {catalog_, keys_.signer, relay_keys_, deps.clock, stream_metrics_, deps.log}),
      feed_({relay_pool_, catalog_, images_, publish_metrics_, deps.log}, hub_),
      relay_stream_({hub_, source_, catalog_, stream_metrics_, deps.log}),
      relay_authenticator_({relay_keys_, feed_, deps.clock, stream_metrics_}),
      stream_api_({relay_authenticator_, relay_pool_, catalog_, relay_stream_, hub_}),
      document_api_({relay_authenticator_, catalog_, source_, keys_.signer.trust()}),
      status_api_({relay_authenticator_, relay_pool_, deps.clock, stream_metrics_}),
      batch_writer_({relay_pool_, deps.blocking, deps.clock, limits_, pool_, tasks_, deps.log}),
      ingest_api_({relay_keys_, deps.blocking, deps.clock, ingest_metrics_, batch_writer_}),
      passwords_(password_cost()),
      registration_(config.registration),
      public_url_(config.public_url),
      tokens_({keys_.jwt}, instance_.iss),
      tasks_(deps.executor, deps.log),
      uses_(pool_, tasks_, deps.log),
      admissions_(pool_, tasks_),
      webhook_sender_(deps.executor, {.policy = config.webhook_addresses, .tls = keys_.webhook_tls}, deps.clock),
      courier_({deps.executor,
                {webhook_pool_, deps.blocking, deps.clock, webhook_metrics_, deps.log},
                keys_.sealing,
                webhook_sender_,
                tasks_,
                deps.log}),
      prometheus_(deps.executor, {.policy = config.webhook_addresses, .tls = keys_.webhook_tls}),
      identity_providers_(deps.executor, {.policy = config.webhook_addresses, .tls = keys_.webhook_tls}, deps.clock,
                          sign_on_metrics_),
      rollouts_({deps.executor,
                 {rollout_pool_, keys_.sealing, prometheus_, deps.clock},
                 {rollout_pool_, publisher_, deps.blocking, deps.clock},
                 tasks_,
                 rollout_metrics_,
                 deps.log}),
      api_services_{
          pool_,         publisher_, passwords_,  tokens_,       live_,       admin_routes(), deps.blocking,
          tasks_,        uses_,      admissions_, entity_tags_,  flag_lists_, audit_limit_,   api_metrics_,
          keys_.sealing, deps.clock, deps.log,    registration_, limits_,     public_url_,    identity_providers_},
      runner_(api_services_, schedule_metrics_) {}

// Assigned in place, because the components that sign hold references (publish/signer.hpp).
void Services::replace_keys(Keys keys) {
    if (tokens_.rotate(keys.jwt, deps_.clock.now())) deps_.log.info("access_key_reloaded");
    const auto& trust = keys.signer.trust().newest();
    if (trust.version != trust_version()) deps_.log.info("trust_reloaded", {{"version", trust.version}});
    webhook_sender_.set_tls(keys.webhook_tls);
    prometheus_.set_tls(keys.webhook_tls);
    identity_providers_.set_tls(keys.webhook_tls);
    keys_ = std::move(keys);
}

void Services::add_routes(net::Router& router) {
    http::add_routes(router, admin_routes(), identity::gate, api_services_);
    relays::add_routes(router, {stream_api_, document_api_, status_api_});
    ingest_api_.add_routes(router);
}

void Services::start() {
    tasks_.spawn("change_feed", run_feed());
    tasks_.spawn("live_changes", run_live());
    tasks_.spawn("heads", hub_.run_heads());
    tasks_.spawn("grants", hub_.run_grants());
    tasks_.spawn("database_watch", run_database_watch());
    tasks_.spawn("epoch_renewal", run_renewal());
    tasks_.spawn("purge", run_purge());
    tasks_.spawn("key_uses", run_key_uses());
    tasks_.spawn("webhooks", run_webhooks());
    tasks_.spawn("limits", run_limits());
    tasks_.spawn("schedules", run_schedules());
    tasks_.spawn("rollouts", run_rollouts());
}

awaitable<void> Services::run_webhooks() { return courier_.run(); }
awaitable<void> Services::run_schedules() { return runner_.run(); }
awaitable<void> Services::run_rollouts() { return rollouts_.run(); }

// What the installation's operator has set takes effect everywhere within this time.
awaitable<void> Services::run_limits() {
    for (;;) {
        try {
            co_await limits_.refresh(pool_);
        } catch (const db::PgError& error) {
            deps_.log.warn("limits_failed", {{"detail", error.what()}, {"action", "retrying"}});
        }
        co_await net::sleep_for(10s);
    }
}

awaitable<void> Services::run_feed() { return feed_.run(listener_); }

awaitable<void> Services::run_live() { return live_.run(audit_listener_); }

// Pings once a second; logs a change.
awaitable<void> Services::run_database_watch() {
    for (bool stop = false; !stop;) {
        std::string reason;
        try {
            co_await pool_.ping();
        } catch (const db::PgError& error) {
            reason = error.what();
        }
        const bool is_up = reason.empty();
        if (is_up && !database_up_) deps_.log.info("database_up");
        if (!is_up && database_up_) deps_.log.warn("database_down", {{"detail", reason}, {"action", "retrying"}});
        database_up_ = is_up;
        const bool slept = co_await net::sleep_for(1s);
        stop = !slept;
    }
}

// Ends when every environment has been published in the installation's epoch.
awaitable<void> Services::run_renewal() {
    for (;;) {
        try {
            const auto renewed = co_await publish::renew_epochs(pool_, publisher_, instance_.epoch, deps_.log);
            if (renewed > 0) deps_.log.info("epoch_renewed", {{"environments", renewed}, {"epoch", instance_.epoch}});
            co_return;
        } catch (const db::PgError& error) {
            deps_.log.warn("epoch_renewal_failed", {{"detail", error.what()}, {"action", "retrying"}});
        }
        co_await net::sleep_for(2s);
    }
}

awaitable<void> Services::run_purge() {
    for (;;) {
        co_await net::sleep_for(10min);
        try {
            co_await db::purge_expired(pool_);
            co_await db::purge_counts(pool_, counts_days_);
            co_await events::thin_evaluations(pool_, deps_.clock);
            co_await audit::purge_audit(pool_, deps_.clock, audit_days_);
            co_await db::purge_versions(pool_, ruleset_days_);
            co_await quotas::purge_event_days(pool_);
            co_await webhooks::purge_deliveries(pool_, webhook_log_days_);
            co_await projects::purge_deleted(pool_, deps_.clock);
            co_await attributes::purge_attributes(pool_);
        } catch (const db::PgError& error) {
            deps_.log.warn("purge_failed", {{"detail", error.what()}});
        }
    }
}

awaitable<void> Services::run_key_uses() {
    for (;;) {
        co_await net::sleep_for(5s);
        try {
            co_await relay_keys_.write_uses();
        } catch (const db::PgError& error) {
            deps_.log.warn("key_uses_failed", {{"detail", error.what()}, {"action", "retrying"}});
        }
    }
}

}  // namespace fanion::cp::app
