#include "control-plane/app/background.hpp"

#include <utility>

#include "control-plane/app/database_start.hpp"
#include "control-plane/attributes/attribute_store.hpp"
#include "control-plane/audit/retention.hpp"
#include "control-plane/db/maintenance.hpp"
#include "control-plane/db/schema.hpp"
#include "control-plane/events/retention.hpp"
#include "control-plane/events/thinning.hpp"
#include "control-plane/events/unit_store.hpp"
#include "control-plane/projects/purge.hpp"
#include "control-plane/quotas/event_day_store.hpp"
#include "control-plane/webhooks/delivery_store.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;
using namespace std::chrono_literals;

Background::Background(ServiceDeps deps, const Config& config, const std::string& conninfo, Services& services,
                       const sinks::EventSinks& event_sinks)
    : deps_(deps),
      services_(services),
      audit_days_(config.audit_retention_days),
      counts_days_(config.counts_retention_days),
      events_days_(config.events_retention_days),
      ruleset_days_(config.ruleset_retention_days),
      webhook_log_days_(config.webhook_log_days),
      renewal_(services.tasks(), deps.log, [this] { return renew_once(); }),
      webhook_metrics_(deps.registry),
      schedule_metrics_(deps.registry),
      rebase_metrics_(deps.registry),
      rollout_metrics_(deps.registry),
      staging_metrics_(deps.registry),
      upkeep_metrics_(deps.registry),
      key_metrics_(deps.registry),
      webhook_pool_(deps.executor, app_pool(conninfo, config, webhook_connections), services.pool_metrics(), deps.log),
      rollout_pool_(deps.executor, app_pool(conninfo, config, rollout_connections), services.pool_metrics(), deps.log),
      webhook_sender_(deps.executor,
                      {.policy = config.webhook_addresses,
                       .proxies = config.outgoing_proxies,
                       .tls = services.keys().webhook_tls,
                       .tracing = deps.tracing},
                      deps.clock),
      courier_({deps.executor,
                {webhook_pool_, deps.blocking, deps.clock, webhook_metrics_, deps.log},
                services.keys().sealing,
                webhook_sender_,
                services.tasks(),
                deps.log}),
      prometheus_(deps.executor, {.policy = config.webhook_addresses,
                                  .proxies = config.outgoing_proxies,
                                  .tls = services.keys().webhook_tls,
                                  .tracing = deps.tracing}),
      rollouts_({deps.executor,
                 {rollout_pool_, services.keys().sealing, prometheus_, deps.clock},
                 {rollout_pool_, services.publisher(), deps.blocking, deps.clock},
                 services.tasks(),
                 rollout_metrics_,
                 deps.log}),
      stages_({rollout_pool_, services.publisher(), deps.blocking, deps.clock, staging_metrics_, deps.log}),
      schedules_(services.api(), schedule_metrics_),
      rebaser_(services.api(), rebase_metrics_),
      key_watch_(services.pool(), services.keys().sealing, key_metrics_, deps.log),
      signer_watch_(services.keys().signer, deps.blocking, services.publish_metrics(), deps.log),
      copies_(config, deps, services),
      sink_pool_(deps.executor, app_pool(conninfo, config, sink_connections), services.pool_metrics(), deps.log) {
    sinks::RunnerConfig bounds;
    bounds.most_waiting_bytes = std::uint64_t{config.sink_backlog} * 1024 * 1024;
    for (const auto& sink : event_sinks)
        sinks_.push_back(
            std::make_unique<sinks::Runner>(sinks::RunnerDeps{sink_pool_, deps.registry, deps.log}, *sink, bounds));
}

void Background::start() {
    auto& tasks = services_.tasks();
    tasks.spawn("database_watch", run_database_watch());
    tasks.spawn("relay_keys", run_relay_keys());
    renew_published();
    tasks.spawn("purge", run_purge());
    tasks.spawn("webhooks", courier_.run());
    tasks.spawn("limits", run_limits());
    tasks.spawn("schedules", schedules_.run());
    tasks.spawn("rebases", rebaser_.run());
    tasks.spawn("rollouts", rollouts_.run());
    tasks.spawn("stages", stages_.run());
    tasks.spawn("sealing_keys", key_watch_.run());
    tasks.spawn("signer_watch", signer_watch_.run());
    copies_.start(tasks);
    for (const auto& sink : sinks_) {
        tasks.spawn("sink", sink->run());
        tasks.spawn("sink_bounds", sink->run_bounds());
    }
}

void Background::stop() noexcept {
    copies_.stop();
    for (const auto& sink : sinks_) sink->stop();
}

void Background::renew_published() { renewal_.request(); }

void Background::set_tls(const net::ClientTls& tls) {
    webhook_sender_.set_tls(tls);
    prometheus_.set_tls(tls);
}

// What the installation's operator has set takes effect everywhere within this time.
awaitable<void> Background::run_limits() {
    auto& shared = services_.shared();
    for (;;) {
        try {
            co_await shared.limits.refresh(services_.pool());
        } catch (const db::PgError& error) {
            deps_.log.warn("limits_failed", {{"detail", error.what()}, {"action", "retrying"}});
        }
        co_await net::sleep_for(10s);
    }
}

// Pings once a second; logs a change.
awaitable<void> Background::run_database_watch() {
    for (bool stop = false; !stop;) {
        std::string reason;
        try {
            co_await services_.pool().ping();
        } catch (const db::PgError& error) {
            reason = error.what();
        }
        const bool is_up = reason.empty();
        if (is_up && !database_up_) deps_.log.info("database_up");
        if (!is_up && database_up_) deps_.log.warn("database_down", {{"detail", reason}, {"action", "retrying"}});
        database_up_ = is_up;
        if (is_up) co_await look_at_schema();
        const bool slept = co_await net::sleep_for(1s);
        stop = !slept;
    }
}

awaitable<void> Background::look_at_schema() {
    try {
        const auto status = co_await db::check_newer_schema(services_.pool());
        const bool is_outdated = !db::is_usable(status.state);
        if (is_outdated && !outdated_) {
            deps_.log.error("schema_ahead",
                            {{"version", status.present}, {"known", status.wanted}, {"needed", status.needed}});
        }
        outdated_ = is_outdated;
    } catch (const db::PgError&) {
        // It is asked again in a second; the ping says whether the database answers.
    }
}

awaitable<void> Background::renew_once() {
    co_await publish::renew_published(services_.pool(), services_.publisher(), deps_.log);
}

// Once a second, and without a pause while more are due: relays below others wait for the key that they are to use.
awaitable<void> Background::run_relay_keys() {
    for (;;) {
        bool is_more_due = false;
        try {
            const auto count =
                co_await keys::publish_relay_keys(services_.pool(), services_.publisher(), upkeep_metrics_, deps_.log);
            is_more_due = count == keys::most_upkeep_at_once;
        } catch (const db::PgError& error) {
            deps_.log.warn("relay_keys_failed", {{"detail", error.what()}, {"action", "retrying"}});
        }
        if (!is_more_due) co_await net::sleep_for(1s);
    }
}

awaitable<void> Background::run_purge() {
    auto& pool = services_.pool();
    for (;;) {
        co_await net::sleep_for(10min);
        try {
            co_await db::purge_expired(pool);
            co_await db::purge_counts(pool, counts_days_);
            co_await events::thin_evaluations(pool, deps_.clock);
            co_await audit::purge_audit(pool, deps_.clock, audit_days_);
            co_await db::purge_versions(pool, ruleset_days_);
            co_await quotas::purge_event_days(pool);
            co_await webhooks::purge_deliveries(pool, webhook_log_days_);
            co_await projects::purge_deleted(pool, deps_.clock);
            co_await attributes::purge_attributes(pool);
            co_await sinks::purge_outbox(pool);
            // Last: they fail where they would wait long for a lock, or read a very large day.
            co_await events::keep_partitions(pool, events_days_);
            co_await events::purge_events(pool, events_days_);
        } catch (const db::PgError& error) {
            deps_.log.warn("purge_failed", {{"detail", error.what()}});
        }
    }
}

}  // namespace fanion::cp::app
