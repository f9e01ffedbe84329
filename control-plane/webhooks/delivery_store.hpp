#pragma once

// Events, deliveries and attempts: their rows. Unless they say otherwise, functions run in the
// caller's transaction, whose scope is the organisation. Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/webhooks/delivery.hpp"

namespace fanion::cp::webhooks {

struct EventOrg {
    access::OrgId org_id;
    std::string key;
};
// Any scope: organisations with events that are not deliveries yet.
boost::asio::awaitable<std::vector<EventOrg>> event_orgs(db::Pool& pool, std::size_t at_most);

// False when another replica turns the organisation's events into deliveries: until the end of the
// transaction only one does.
boost::asio::awaitable<bool> lock_events(db::Transaction& tx, access::OrgId org_id);
struct EventRow {
    std::string canonical;  // of the audit entry
    std::string actor_email;
};
// Takes the oldest events, in order. Entries that retention deleted in the meantime are left out.
struct TakenEvents {
    std::vector<EventRow> events;
    std::size_t taken = 0;
};
boost::asio::awaitable<TakenEvents> take_events(db::Transaction& tx, access::OrgId org_id, std::size_t at_most);

struct NewDelivery {
    DeliveryId delivery_id;
    WebhookId webhook_id;
    std::string event_type;
    std::string resource;
    std::string body;
    std::string order_key;  // those with the same one arrive one after the other
};
boost::asio::awaitable<void> insert_delivery(db::Transaction& tx, access::OrgId org_id, NewDelivery delivery,
                                             UnixMillis now);

// What an attempt needs.
struct LeasedDelivery {
    Delivery delivery;
    access::OrgId org_id;
    std::string sealed_url;
    std::string sealed_secret;
    std::optional<std::string> sealed_previous_secret;
    std::optional<UnixMillis> previous_until;
};
struct LeaseRequest {
    UnixMillis now = 0;
    UnixMillis until = 0;
    std::string holder;  // of this lease alone
    std::size_t at_most = 0;
    std::size_t per_webhook = 0;
    std::vector<WebhookId> busy;  // the webhook of each attempt under way, which counts for `per_webhook`
};
// Any scope: deliveries of all organisations that are due, in the order in which they are.
boost::asio::awaitable<std::vector<LeasedDelivery>> lease_deliveries(db::Pool& pool, LeaseRequest request);

// Writes what became of a leased delivery and ends the lease. False when another holder has it: the
// lease had expired.
boost::asio::awaitable<bool> finish_delivery(db::Transaction& tx, DeliveryId delivery_id, std::string holder,
                                             DeliveryProgress progress, UnixMillis now);
boost::asio::awaitable<void> insert_attempt(db::Transaction& tx, access::OrgId org_id, DeliveryId delivery_id,
                                            Attempt attempt);
// Everything that waits for the webhook is dead.
boost::asio::awaitable<void> bury_deliveries(db::Transaction& tx, WebhookId webhook_id, UnixMillis now);
// Queues a delivery again. What was leased at that time is not: false.
boost::asio::awaitable<bool> requeue_delivery(db::Transaction& tx, DeliveryId delivery_id, UnixMillis now);

struct DeliveryPage {
    std::optional<std::uint64_t> before;  // position; none: from the newest
    std::size_t limit = 50;
    std::string state;  // empty: all
};
struct LoggedDelivery {
    Delivery delivery;  // without its body
    std::optional<Attempt> last;
};
// Newest first.
boost::asio::awaitable<std::vector<LoggedDelivery>> list_deliveries(db::Transaction& tx, WebhookId webhook_id,
                                                                    DeliveryPage page);
boost::asio::awaitable<std::optional<Delivery>> find_delivery(db::Transaction& tx, WebhookId webhook_id,
                                                              DeliveryId delivery_id);
// The newest ones, newest first.
boost::asio::awaitable<std::vector<Attempt>> list_attempts(db::Transaction& tx, DeliveryId delivery_id,
                                                           std::size_t at_most);

struct Backlog {
    std::uint64_t waiting = 0;
    std::optional<UnixMillis> oldest_due;
};
// Any scope: over all organisations.
boost::asio::awaitable<Backlog> read_backlog(db::Pool& pool);
// Any scope: deletes deliveries that ended more than `log_days` days ago, in transactions of
// bounded size. 0: nothing is deleted.
boost::asio::awaitable<void> purge_deliveries(db::Pool& pool, unsigned log_days);

}  // namespace fanion::cp::webhooks
