#include "control-plane/webhooks/delivery_store.hpp"

#include <stdexcept>

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;

DeliveryState to_state(std::string_view name) {
    const auto state = parse_delivery_state(name);
    if (!state) throw std::logic_error("webhook_deliveries holds the unknown state '" + std::string(name) + "'");
    return *state;
}

Attempt to_attempt(db::Row row, int first) {
    return {row.time(first), row.i64(first + 1), static_cast<unsigned>(row.u64(first + 2)), row.string(first + 3),
            row.string(first + 4)};
}

// delivery_id, webhook_id, position, event_type, resource, state, attempts, first_attempt_at, due_at, created_at, ended_at
Delivery to_delivery(db::Row row) {
    Delivery delivery;
    delivery.delivery_id = DeliveryId(row.string(0));
    delivery.webhook_id = WebhookId(row.string(1));
    delivery.position = row.u64(2);
    delivery.event_type = row.string(3);
    delivery.resource = row.string(4);
    delivery.progress = {to_state(row.text(5)), static_cast<unsigned>(row.u64(6)), row.optional_time(7), row.time(8)};
    delivery.created_at = row.time(9);
    delivery.ended_at = row.optional_time(10);
    return delivery;
}

}  // namespace

constexpr db::Statement event_orgs_sql{"webhook_event_orgs", "SELECT org_id, org_key FROM webhook_event_orgs($1)"};

awaitable<std::vector<EventOrg>> event_orgs(db::Pool& pool, std::size_t at_most) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), event_orgs_sql, at_most);
    std::vector<EventOrg> found;
    for (const auto row : rows) found.push_back({access::OrgId(row.string(0)), row.string(1)});
    co_return found;
}

constexpr db::Statement lock_events_sql{
    "lock_webhook_events", "SELECT pg_try_advisory_xact_lock(hashtextextended('webhook_events/' || $1, 0))"};

awaitable<bool> lock_events(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(lock_events_sql, org_id);
    co_return rows[0].boolean(0);
}

constexpr db::Statement take_events_sql{
    "take_webhook_events",
    "WITH taken AS (DELETE FROM webhook_events WHERE org_id = $1 AND seq IN "
    "(SELECT seq FROM webhook_events WHERE org_id = $1 ORDER BY seq LIMIT $2) RETURNING seq) "
    "SELECT a.canonical, coalesce(e.email, '') FROM taken t LEFT JOIN audit a ON a.org_id = $1 AND a.seq = t.seq "
    "LEFT JOIN LATERAL actor_emails(ARRAY[a.actor_id]) e ON true ORDER BY t.seq"};

awaitable<TakenEvents> take_events(db::Transaction& tx, access::OrgId org_id, std::size_t at_most) {
    const auto rows = co_await tx.run(take_events_sql, org_id, at_most);
    TakenEvents found;
    found.taken = rows.size();
    for (const auto row : rows) {
        if (!row.is_null(0)) found.events.push_back({row.string(0), row.string(1)});
    }
    co_return found;
}

constexpr db::Statement insert_delivery_sql{
    "insert_webhook_delivery",
    "INSERT INTO webhook_deliveries (delivery_id, org_id, webhook_id, event_type, resource, order_key, body, due_at, "
    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"};

awaitable<void> insert_delivery(db::Transaction& tx, access::OrgId org_id, NewDelivery delivery, UnixMillis now) {
    co_await tx.run(insert_delivery_sql, delivery.delivery_id, org_id, delivery.webhook_id, delivery.event_type,
                    delivery.resource, delivery.order_key, delivery.body, db::Time{now});
}

constexpr db::Statement lease_deliveries_sql{
    "lease_webhook_deliveries",
    "SELECT delivery_id, org_id, webhook_id, event_type, body, state, attempts, first_attempt_at, due_at, url, secret, "
    "previous_secret, previous_until FROM lease_webhook_deliveries($1, $2, $3, $4, $5, $6)"};

awaitable<std::vector<LeasedDelivery>> lease_deliveries(db::Pool& pool, LeaseRequest request) {
    auto scope = db::Scope::none();
    const auto rows =
        co_await pool.run_once(std::move(scope), lease_deliveries_sql, db::Time{request.now}, db::Time{request.until},
                               request.holder, request.at_most, request.per_webhook, request.busy);
    std::vector<LeasedDelivery> found;
    for (const auto row : rows) {
        LeasedDelivery leased;
        leased.delivery.delivery_id = DeliveryId(row.string(0));
        leased.org_id = access::OrgId(row.string(1));
        leased.delivery.webhook_id = WebhookId(row.string(2));
        leased.delivery.event_type = row.string(3);
        leased.delivery.body = row.string(4);
        leased.delivery.progress = {to_state(row.text(5)), static_cast<unsigned>(row.u64(6)), row.optional_time(7),
                                    row.time(8)};
        leased.sealed_url = row.bytes(9);
        leased.sealed_secret = row.bytes(10);
        if (!row.is_null(11)) leased.sealed_previous_secret = row.bytes(11);
        leased.previous_until = row.optional_time(12);
        found.push_back(std::move(leased));
    }
    co_return found;
}

constexpr db::Statement finish_delivery_sql{
    "finish_webhook_delivery",
    "UPDATE webhook_deliveries SET state = $3, attempts = $4, first_attempt_at = $5, due_at = $6, leased_by = NULL, "
    "leased_until = NULL, ended_at = $7 WHERE delivery_id = $1 AND leased_by = $2"};

awaitable<bool> finish_delivery(db::Transaction& tx, DeliveryId delivery_id, std::string holder,
                                DeliveryProgress progress, UnixMillis now) {
    const bool is_over = progress.state == DeliveryState::delivered || progress.state == DeliveryState::dead;
    const auto ended_at = is_over ? std::optional(db::Time{now}) : std::nullopt;
    const auto rows =
        co_await tx.run(finish_delivery_sql, delivery_id, holder, name_of(progress.state), progress.attempts,
                        db::to_time(progress.first_attempt_at), db::Time{progress.due_at}, ended_at);
    co_return rows.affected() == 1;
}

constexpr db::Statement insert_attempt_sql{
    "insert_webhook_attempt",
    "INSERT INTO webhook_attempts (org_id, delivery_id, started_at, took_ms, status, error, response) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

awaitable<void> insert_attempt(db::Transaction& tx, access::OrgId org_id, DeliveryId delivery_id, Attempt attempt) {
    co_await tx.run(insert_attempt_sql, org_id, delivery_id, db::Time{attempt.started_at}, attempt.took_ms,
                    attempt.status, attempt.error, attempt.response);
}

// A lease ends too: its holder's result comes too late to matter.
constexpr db::Statement bury_deliveries_sql{
    "bury_webhook_deliveries",
    "UPDATE webhook_deliveries SET state = 'dead', ended_at = $2, leased_by = NULL, leased_until = NULL "
    "WHERE webhook_id = $1 AND state IN ('pending', 'failed')"};

awaitable<void> bury_deliveries(db::Transaction& tx, WebhookId webhook_id, UnixMillis now) {
    co_await tx.run(bury_deliveries_sql, webhook_id, db::Time{now});
}

constexpr db::Statement requeue_delivery_sql{
    "requeue_webhook_delivery",
    "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, first_attempt_at = NULL, due_at = $2, "
    "ended_at = NULL, leased_by = NULL, leased_until = NULL "
    "WHERE delivery_id = $1 AND (leased_until IS NULL OR leased_until <= $2)"};

awaitable<bool> requeue_delivery(db::Transaction& tx, DeliveryId delivery_id, UnixMillis now) {
    const auto rows = co_await tx.run(requeue_delivery_sql, delivery_id, db::Time{now});
    co_return rows.affected() == 1;
}

constexpr db::Statement list_deliveries_sql{
    "list_webhook_deliveries",
    "SELECT d.delivery_id, d.webhook_id, d.position, d.event_type, d.resource, d.state, d.attempts, "
    "d.first_attempt_at, d.due_at, d.created_at, d.ended_at, a.started_at, a.took_ms, a.status, a.error, a.response "
    "FROM webhook_deliveries d LEFT JOIN LATERAL (SELECT * FROM webhook_attempts t "
    "WHERE t.delivery_id = d.delivery_id ORDER BY t.attempt_id DESC LIMIT 1) a ON true "
    "WHERE d.webhook_id = $1 AND ($2::bigint IS NULL OR d.position < $2) AND ($3 = '' OR d.state = $3) "
    "ORDER BY d.position DESC LIMIT $4"};

awaitable<std::vector<LoggedDelivery>> list_deliveries(db::Transaction& tx, WebhookId webhook_id, DeliveryPage page) {
    const auto rows = co_await tx.run(list_deliveries_sql, webhook_id, page.before, page.state, page.limit);
    std::vector<LoggedDelivery> found;
    for (const auto row : rows) {
        LoggedDelivery logged{to_delivery(row), std::nullopt};
        if (!row.is_null(11)) logged.last = to_attempt(row, 11);
        found.push_back(std::move(logged));
    }
    co_return found;
}

constexpr db::Statement find_delivery_sql{
    "find_webhook_delivery",
    "SELECT delivery_id, webhook_id, position, event_type, resource, state, attempts, first_attempt_at, due_at, "
    "created_at, ended_at, body FROM webhook_deliveries WHERE webhook_id = $1 AND delivery_id = $2"};

awaitable<std::optional<Delivery>> find_delivery(db::Transaction& tx, WebhookId webhook_id, DeliveryId delivery_id) {
    const auto rows = co_await tx.run(find_delivery_sql, webhook_id, delivery_id);
    if (rows.empty()) co_return std::nullopt;
    auto delivery = to_delivery(rows[0]);
    delivery.body = rows[0].string(11);
    co_return delivery;
}

constexpr db::Statement list_attempts_sql{
    "list_webhook_attempts",
    "SELECT started_at, took_ms, status, error, response FROM webhook_attempts WHERE delivery_id = $1 "
    "ORDER BY attempt_id DESC LIMIT $2"};

awaitable<std::vector<Attempt>> list_attempts(db::Transaction& tx, DeliveryId delivery_id, std::size_t at_most) {
    const auto rows = co_await tx.run(list_attempts_sql, delivery_id, at_most);
    std::vector<Attempt> found;
    for (const auto row : rows) found.push_back(to_attempt(row, 0));
    co_return found;
}

constexpr db::Statement webhook_backlog_sql{"webhook_backlog", "SELECT waiting, oldest FROM webhook_backlog()"};

awaitable<Backlog> read_backlog(db::Pool& pool) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), webhook_backlog_sql);
    co_return Backlog{rows[0].u64(0), rows[0].optional_time(1)};
}

constexpr db::Statement purge_webhooks_sql{"purge_webhooks", "SELECT purge_webhooks($1, $2)"};

awaitable<void> purge_deliveries(db::Pool& pool, unsigned log_days) {
    constexpr int rows_at_once = 5'000;
    constexpr int most_rounds = 10'000;  // the rest is deleted next time
    if (log_days == 0) co_return;
    for (int round = 0; round < most_rounds; ++round) {
        auto scope = db::Scope::none();
        const auto rows = co_await pool.run_once(std::move(scope), purge_webhooks_sql, log_days, rows_at_once);
        if (rows[0].u64(0) == 0) co_return;
    }
}

}  // namespace fanion::cp::webhooks
