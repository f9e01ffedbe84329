#include "control-plane/app/services.hpp"

#include "control-plane/app/admin_routes.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/db/maintenance.hpp"
#include "control-plane/identity/gate.hpp"
#include "control-plane/publish/epoch_renewal.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

db::PoolConfig pool_config(const std::string& conninfo, const Config& config) {
    db::PoolConfig settings;
    settings.connection = app_connection(conninfo, config);
    settings.size = config.pool_size;
    return settings;
}

std::vector<Ed25519PrivateKey> as_list(const Ed25519PrivateKey& key) { return {key}; }

}  // namespace

Services::Services(ServiceDeps parts, const Config& config, std::string conninfo, publish::Instance instance, Keys keys)
    : parts_(parts),
      instance_(std::move(instance)),
      keys_(std::move(keys)),
      pg_metrics_(parts.registry),
      publish_metrics_(parts.registry),
      stream_metrics_(parts.registry),
      ingest_metrics_(parts.registry),
      api_metrics_(parts.registry),
      pool_(parts.executor, pool_config(conninfo, config), pg_metrics_, parts.log),
      listener_(parts.executor, app_connection(conninfo, config), {publish::changes_channel}, parts.log),
      relay_keys_(pool_),
      publisher_(images_, keys_.signer, parts.blocking, parts.clock, publish_metrics_, instance_.epoch),
      full_rulesets_({pool_, images_, publish_metrics_, parts.log}),
      delta_signer_({pool_, keys_.signer, parts.clock, publish_metrics_}),
      source_({catalog_, full_rulesets_, delta_signer_, parts.blocking}),
      hub_(parts.executor, {catalog_, keys_.signer, relay_keys_, parts.clock, stream_metrics_}),
      feed_({pool_, catalog_, images_, publish_metrics_, parts.log}, hub_),
      relay_stream_({hub_, source_, catalog_, stream_metrics_, parts.log}),
      relay_authenticator_({relay_keys_, feed_, parts.clock, stream_metrics_}),
      stream_api_({relay_authenticator_, pool_, catalog_, relay_stream_, hub_}),
      document_api_({relay_authenticator_, catalog_, source_, keys_.signer.trust()}),
      status_api_({relay_authenticator_, pool_, parts.clock, stream_metrics_}),
      ingest_api_({pool_, relay_keys_, parts.blocking, parts.clock, ingest_metrics_}),
      passwords_(parts.blocking),
      tokens_(as_list(keys_.jwt), instance_.iss),
      tasks_(parts.executor, parts.log),
      api_services_{pool_,  publisher_,   passwords_,   tokens_,     parts.blocking,
                    tasks_, audit_limit_, api_metrics_, parts.clock, parts.log} {}

// In place: what signs holds a reference, and takes no longer than this turn of the thread.
void Services::replace_keys(Keys keys) {
    if (tokens_.rotate(keys.jwt, parts_.clock.now())) parts_.log.info("access_key_reloaded");
    const auto& trust = keys.signer.trust().newest();
    if (trust.version != trust_version()) parts_.log.info("trust_reloaded", {{"version", trust.version}});
    keys_ = std::move(keys);
}

void Services::add_routes(net::Router& router) {
    http::add_routes(router, admin_routes(), identity::gate, api_services_);
    relays::add_routes(router, {stream_api_, document_api_, status_api_});
    ingest_api_.add_routes(router);
}

void Services::start(Health& health) {
    tasks_.spawn("change_feed", run_feed());
    tasks_.spawn("heads", hub_.run_heads());
    tasks_.spawn("grants", hub_.run_grants());
    tasks_.spawn("database_watch", run_database_watch(health));
    tasks_.spawn("epoch_renewal", run_renewal());
    tasks_.spawn("purge", run_purge());
    tasks_.spawn("key_uses", run_key_uses());
}

awaitable<void> Services::run_feed() { return feed_.run(listener_); }

// Looks once a second; tells the operators' port and, on a change, the log.
awaitable<void> Services::run_database_watch(Health& health) {
    for (bool stop = false; !stop;) {
        std::string reason;
        try {
            co_await pool_.ping();
        } catch (const db::PgError& error) {
            reason = error.what();
        }
        const bool is_up = reason.empty();
        if (health.database_up.exchange(is_up) != is_up) {
            if (is_up)
                parts_.log.info("database_up");
            else
                parts_.log.warn("database_away", {{"detail", reason}, {"action", "trying again"}});
        }
        const bool slept = co_await net::sleep_for(1s);
        stop = !slept;
    }
}

// Until everything was published in the installation's epoch; ends then.
awaitable<void> Services::run_renewal() {
    for (;;) {
        try {
            const auto renewed = co_await publish::renew_epochs(pool_, publisher_, instance_.epoch, parts_.log);
            if (renewed > 0) parts_.log.info("epoch_renewed", {{"environments", renewed}, {"epoch", instance_.epoch}});
            co_return;
        } catch (const db::PgError& error) {
            parts_.log.warn("epoch_renewal_failed", {{"detail", error.what()}, {"action", "trying again"}});
        }
        co_await net::sleep_for(2s);
    }
}

awaitable<void> Services::run_purge() {
    for (;;) {
        co_await net::sleep_for(10min);
        try {
            co_await db::purge_expired(pool_);
        } catch (const db::PgError& error) {
            parts_.log.warn("purge_failed", {{"detail", error.what()}});
        }
    }
}

awaitable<void> Services::run_key_uses() {
    for (;;) {
        co_await net::sleep_for(5s);
        try {
            co_await relay_keys_.write_uses();
        } catch (const db::PgError& error) {
            parts_.log.warn("key_uses_failed", {{"detail", error.what()}, {"action", "trying again"}});
        }
    }
}

}  // namespace fanion::cp::app
