#include "control-plane/app/services.hpp"

#include <algorithm>

#include "control-plane/app/admin_routes.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/app/sinks.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/identity/gate.hpp"
#include "control-plane/live/presence_store.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

std::size_t document_bytes(const Config& config) {
    using publish::RulesetSource;
    return std::max(RulesetSource::most_bytes / serving_threads(config), RulesetSource::least_bytes);
}

}  // namespace

Services::Services(ServiceDeps deps, SharedServices& shared, const Config& config, const std::string& conninfo,
                   Keys keys)
    : deps_(deps),
      shared_(shared),
      keys_(std::move(keys)),
      pg_metrics_(deps.registry),
      publish_metrics_(deps.registry, keys_.signer.expires_at()),
      stream_metrics_(deps.registry),
      sign_on_metrics_(deps.registry),
      ingest_metrics_(deps.registry),
      api_metrics_(deps.registry),
      live_metrics_(deps.registry),
      pool_(deps.executor, admin_pool(conninfo, config), pg_metrics_, deps.log),
      relay_pool_(deps.executor, relay_pool(conninfo, config), pg_metrics_, deps.log),
      listener_(deps.executor, app_connection(conninfo, config), {publish::changes_channel}, deps.log),
      audit_listener_(deps.executor, app_connection(conninfo, config), {audit::audit_channel, live::presence_channel},
                      deps.log),
      live_(deps.executor, {pool_, deps.blocking, shared.live_streams, live_metrics_, deps.log}),
      relay_keys_(relay_pool_),
      publisher_(shared.images, keys_.signer, deps.blocking, deps.clock, publish_metrics_, shared.instance.epoch),
      full_rulesets_({relay_pool_, shared.images, publish_metrics_, deps.log}),
      delta_signer_({relay_pool_, keys_.signer, deps.clock, publish_metrics_, deps.blocking}),
      source_({catalog_, full_rulesets_, delta_signer_, deps.blocking}, document_bytes(config)),
      hub_(deps.executor, {catalog_, keys_.signer, deps.blocking, relay_keys_, deps.clock, stream_metrics_,
                           publish_metrics_, deps.log}),
      feed_({relay_pool_, catalog_, shared.images, publish_metrics_, deps.log}, hub_),
      relay_stream_({hub_, source_, catalog_, stream_metrics_, deps.log}),
      relay_authenticator_({relay_keys_, feed_, deps.clock, stream_metrics_}),
      stream_api_({relay_authenticator_, relay_pool_, catalog_, relay_stream_, hub_}),
      document_api_({relay_authenticator_, catalog_, source_, keys_.signer.trust()}),
      status_api_({relay_authenticator_, relay_pool_, deps.clock, stream_metrics_}),
      batch_writer_({relay_pool_, deps.blocking, deps.clock, shared.limits, pool_, tasks_, deps.log, ingest_metrics_,
                     sink_names(config)}),
      ingest_api_({relay_keys_, deps.blocking, deps.clock, ingest_metrics_, batch_writer_}),
      tokens_({keys_.jwt}, shared.instance.iss),
      tasks_(deps.executor, deps.log),
      uses_(pool_, tasks_, deps.log),
      admissions_(pool_, tasks_),
      flag_lists_(flags::ListCache::most_bytes / serving_threads(config)),
      identity_providers_(
          deps.executor,
          {.policy = config.webhook_addresses, .proxies = config.outgoing_proxies, .tls = keys_.webhook_tls},
          deps.clock, sign_on_metrics_),
      api_services_{pool_,
                    publisher_,
                    shared.passwords,
                    tokens_,
                    live_,
                    admin_routes(),
                    deps.blocking,
                    tasks_,
                    uses_,
                    admissions_,
                    entity_tags_,
                    flag_lists_,
                    shared.audit_limit,
                    api_metrics_,
                    keys_.sealing,
                    deps.clock,
                    deps.log,
                    shared.registration,
                    shared.limits,
                    shared.public_url,
                    identity_providers_,
                    config.webhook_addresses,
                    deps.tracing} {}

// Assigned in place, because the components that sign hold references (publish/signer.hpp).
void Services::replace_keys(Keys keys) {
    tokens_.rotate(keys.jwt, deps_.clock.now());
    identity_providers_.set_tls(keys.webhook_tls);
    const bool has_new_trust = keys_.signer.trust().newest().version != keys.signer.trust().newest().version;
    keys_ = std::move(keys);
    publish_metrics_.set_key_expiry(keys_.signer.expires_at());
    // Relays ask for trust documents when they connect.
    if (has_new_trust) hub_.end_all(relays::EndReason::trust);
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
    tasks_.spawn("key_uses", run_key_uses());
}

awaitable<void> Services::run_feed() { return feed_.run(listener_); }

awaitable<void> Services::run_live() { return live_.run(audit_listener_); }

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
