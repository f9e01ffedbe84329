#pragma once

// What a process does once, however many threads serve: deliveries of webhooks, schedules,
// rebases of change requests, rollouts, the purge, the renewal of epochs. Runs on the first I/O
// thread, among the tasks of its services, and belongs to it. Must be destroyed after that thread
// has ended, before the services.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/net/tls.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/app/services.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/requests/rebaser.hpp"
#include "control-plane/rollouts/runner.hpp"
#include "control-plane/schedules/runner.hpp"
#include "control-plane/webhooks/courier.hpp"

namespace fanion::cp::app {

class Background {
public:
    // Connections to the database beside --pool-size.
    static constexpr std::size_t webhook_connections = 2;
    static constexpr std::size_t rollout_connections = 2;

    // `services`: those of the first thread, with the same dependencies.
    Background(ServiceDeps deps, const Config& config, const std::string& conninfo, Services& services);

    // Starts the long-lived tasks.
    void start();
    // Of receivers of webhooks and of Prometheus.
    void set_tls(const net::ClientTls& tls);

    // Whether the database answered the last ping, at most about a second ago. Any thread may ask.
    bool is_database_up() const noexcept { return database_up_; }

private:
    boost::asio::awaitable<void> run_database_watch();
    boost::asio::awaitable<void> run_renewal();
    boost::asio::awaitable<void> run_relay_keys();
    boost::asio::awaitable<void> run_purge();
    boost::asio::awaitable<void> run_limits();

    ServiceDeps deps_;
    Services& services_;
    unsigned audit_days_;    // how long audit entries are kept where the organisation has not set it; 0: for ever
    unsigned counts_days_;   // the same of counts of evaluations
    unsigned ruleset_days_;  // of replaced rulesets
    unsigned webhook_log_days_;
    std::atomic<bool> database_up_{false};

    webhooks::Metrics webhook_metrics_;
    schedules::Metrics schedule_metrics_;
    requests::RebaseMetrics rebase_metrics_;
    rollouts::Metrics rollout_metrics_;
    db::Pool webhook_pool_;  // of deliveries: they and edits do not wait for each other's connections
    db::Pool rollout_pool_;  // of rollouts, for the same reason
    webhooks::Sender webhook_sender_;
    webhooks::Courier courier_;
    rollouts::PrometheusClient prometheus_;
    rollouts::Runner rollouts_;
    schedules::Runner schedules_;
    requests::Rebaser rebaser_;
};

}  // namespace fanion::cp::app
