#pragma once

// Delivers what changes of organisations have queued for their webhooks. Each replica has one; they
// share the queue in the database. One thread (its I/O thread).
//
// Numbered invariants:
// 1. A delivery is attempted by the holder of its lease. A lease is longer than any attempt, so
// that
//    each is attempted once; if its holder ends in the middle, the lease expires and another replica
//    repeats it: at least once.
// 2. Of the open deliveries of one webhook and resource, only the first is attempted.
// 3. At most `at_once` attempts run at a time, and at most `per_webhook` to one webhook, so that
// one
//    that does not answer cannot keep the others waiting.
// 4. Nothing here waits for an edit of anything but the webhook, and no edit waits for an attempt.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <random>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/base/sealing.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/fan_out.hpp"
#include "control-plane/webhooks/metrics.hpp"
#include "control-plane/webhooks/sender.hpp"
#include "control-plane/webhooks/webhook_store.hpp"

namespace fanion::cp::webhooks {

struct CourierConfig {
    std::size_t at_once = 16;
    std::size_t per_webhook = 4;
    std::chrono::milliseconds lease{30'000};
    std::chrono::milliseconds poll{500};
};

struct CourierDeps {
    boost::asio::any_io_executor executor;
    FanOutDeps fan_out;  // its pool and clock are used for everything
    const SealingKeys& sealing;
    Sender& sender;
    net::TaskGroup& tasks;  // of the attempts
    const Log& log;
};

class Courier {
public:
    Courier(CourierDeps deps, CourierConfig config = {});
    Courier(const Courier&) = delete;

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Attempts everything that is due now, and what becomes due by that, and waits for the ends.
    // The number of attempts. Throws PgError.
    boost::asio::awaitable<std::size_t> run_until_idle();

private:
    class Flight;  // an attempt, counted while it lives

    boost::asio::awaitable<std::size_t> begin_attempts();
    boost::asio::awaitable<std::size_t> step();
    boost::asio::awaitable<void> wait(std::chrono::milliseconds limit);
    boost::asio::awaitable<void> update_backlog();
    boost::asio::awaitable<void> deliver(LeasedDelivery leased, std::string holder);
    boost::asio::awaitable<SentMessage> attempt(LeasedDelivery& leased);
    boost::asio::awaitable<void> record(LeasedDelivery leased, std::string holder, SentMessage sent);
    boost::asio::awaitable<void> disable(db::Transaction& tx, access::OrgId org_id, StoredWebhook stored,
                                         DisabledReason reason);
    void count(const SentMessage& sent, const DeliveryProgress& progress);
    void note_error(const db::PgError& error);

    CourierDeps deps_;
    CourierConfig config_;
    std::map<WebhookId, std::size_t> in_flight_;  // attempts of each webhook
    std::size_t flights_ = 0;                     // their sum
    boost::asio::steady_timer wake_;              // cancelled when an attempt has ended
    bool has_ended_ = false;                      // an attempt, since the last step began
    bool has_more_events_ = false;                // perhaps: the last step took some
    bool is_failing_ = false;                     // the database did not answer
    std::chrono::steady_clock::time_point backlog_at_{};
    std::mt19937_64 random_;
};

}  // namespace fanion::cp::webhooks
