#pragma once

// What a process does once, however many threads serve: deliveries of webhooks, schedules,
// rebases of requests, rollouts, stages, sinks, copies of rulesets, the purge, the renewal of what
// is published. Runs on the first I/O thread, among the tasks of its services, and belongs to it.
// Must be destroyed after that thread has ended, before the services.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "common/net/tls.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/services.hpp"
#include "control-plane/app/snapshot_copies.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/keys/relay_key_upkeep.hpp"
#include "control-plane/publish/renewal.hpp"
#include "control-plane/publish/signer_watch.hpp"
#include "control-plane/requests/rebaser.hpp"
#include "control-plane/rollouts/runner.hpp"
#include "control-plane/schedules/runner.hpp"
#include "control-plane/secrets/key_watch.hpp"
#include "control-plane/sinks/runner.hpp"
#include "control-plane/staging/runner.hpp"
#include "control-plane/webhooks/courier.hpp"

namespace fanion::cp::app {

class Background {
public:
    // Connections to the database beside --pool-size.
    static constexpr std::size_t webhook_connections = 2;
    static constexpr std::size_t rollout_connections = 2;
    static constexpr std::size_t sink_connections = 1;  // where there is a sink

    // `services`: those of the first thread, with the same dependencies. `event_sinks` outlive
    // this.
    Background(ServiceDeps deps, const Config& config, const std::string& conninfo, Services& services,
               const sinks::EventSinks& event_sinks);

    // Starts the long-lived tasks.
    void start();
    // The tasks are about to be cancelled: what waits for a store's or a sink's answer ends soon.
    // Any thread.
    void stop() noexcept;
    // Publishes again what is not signed with the key in force, or below the epoch floor of the
    // trust document in force: after either was replaced.
    void renew_published();
    // Of receivers of webhooks and of Prometheus.
    void set_tls(const net::ClientTls& tls);

    // Whether the database answered the last ping, at most about a second ago. Any thread may ask.
    bool is_database_up() const noexcept { return database_up_; }
    // Whether the database was migrated meanwhile to what this program does not work with. Any
    // thread may ask.
    bool is_outdated() const noexcept { return outdated_; }

private:
    boost::asio::awaitable<void> run_database_watch();
    boost::asio::awaitable<void> look_at_schema();
    boost::asio::awaitable<void> renew_once();
    boost::asio::awaitable<void> run_relay_keys();
    boost::asio::awaitable<void> run_purge();
    boost::asio::awaitable<void> run_limits();

    ServiceDeps deps_;
    Services& services_;
    unsigned audit_days_;    // how long audit entries are kept where the organisation has not set it; 0: for ever
    unsigned counts_days_;   // the same of counts of evaluations
    unsigned events_days_;   // of exposures and metric events, at most
    unsigned ruleset_days_;  // of replaced rulesets
    unsigned webhook_log_days_;
    std::atomic<bool> database_up_{false};
    std::atomic<bool> outdated_{false};
    publish::Renewal renewal_;

    webhooks::Metrics webhook_metrics_;
    schedules::Metrics schedule_metrics_;
    requests::RebaseMetrics rebase_metrics_;
    rollouts::Metrics rollout_metrics_;
    staging::Metrics staging_metrics_;
    keys::UpkeepMetrics upkeep_metrics_;
    secrets::KeyMetrics key_metrics_;
    db::Pool webhook_pool_;  // of deliveries: they and edits do not wait for each other's connections
    db::Pool rollout_pool_;  // of rollouts, for the same reason
    webhooks::Sender webhook_sender_;
    webhooks::Courier courier_;
    rollouts::PrometheusClient prometheus_;
    rollouts::Runner rollouts_;
    staging::Runner stages_;
    schedules::Runner schedules_;
    requests::Rebaser rebaser_;
    secrets::KeyWatch key_watch_;
    publish::SignerWatch signer_watch_;
    SnapshotCopies copies_;
    db::Pool sink_pool_;
    std::vector<std::unique_ptr<sinks::Runner>> sinks_;
};

}  // namespace fanion::cp::app
