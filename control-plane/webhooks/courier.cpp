#include "control-plane/webhooks/courier.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::webhooks {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds backlog_interval{5'000};

// What an entry of the audit log says when the control plane acts by itself.
audit::AuditEntry own_entry(access::OrgId org_id, UnixMillis now, const Webhook& before, const Webhook& after) {
    audit::AuditEntry entry;
    entry.org_id = std::move(org_id);
    entry.at = now;
    entry.actor_kind = access::ActorKind::system;
    entry.action = audit::Action::webhook_disabled;
    entry.resource = "webhooks/" + after.webhook_id.str();
    entry.before = audited_text(before);
    entry.after = audited_text(after);
    return entry;
}

SentMessage not_sent(UnixMillis now, const Error& error) {
    SentMessage sent;
    sent.attempt.started_at = sent.result.started_at = now;
    sent.attempt.error = error.detail;
    return sent;
}

}  // namespace

class Courier::Flight {
public:
    Flight(Courier& courier, WebhookId webhook_id) : courier_(courier), webhook_id_(std::move(webhook_id)) {
        ++courier_.in_flight_[webhook_id_];
        ++courier_.flights_;
        show();
    }
    ~Flight() {
        const auto place = courier_.in_flight_.find(webhook_id_);
        if (--place->second == 0) courier_.in_flight_.erase(place);
        --courier_.flights_;
        show();
        courier_.has_ended_ = true;
        courier_.wake_.cancel();
    }
    Flight(const Flight&) = delete;

private:
    void show() { courier_.deps_.fan_out.metrics.in_flight.set(static_cast<double>(courier_.flights_)); }

    Courier& courier_;
    WebhookId webhook_id_;
};

Courier::Courier(CourierDeps deps, CourierConfig config)
    : deps_(std::move(deps)), config_(config), wake_(deps_.executor), random_(std::random_device{}()) {}

awaitable<void> Courier::run() {
    for (;;) {
        try {
            co_await step();
            co_await update_backlog();
            is_failing_ = false;
        } catch (const db::PgError& error) {
            has_ended_ = has_more_events_ = false;  // it is tried again after a pause
            note_error(error);
        }
        co_await wait(config_.poll);
    }
}

awaitable<std::size_t> Courier::run_until_idle() {
    std::size_t attempts = 0;
    for (;;) {
        const auto begun = co_await step();
        attempts += begun;
        // What ended during the step may be what another delivery waited for.
        const bool is_idle = flights_ == 0 && !has_more_events_ && !has_ended_;
        if (begun == 0 && is_idle) co_return attempts;
        co_await wait(config_.lease);
    }
}

awaitable<std::size_t> Courier::step() {
    has_ended_ = false;
    const auto taken = co_await fan_out(deps_.fan_out);
    has_more_events_ = taken > 0;
    co_return co_await begin_attempts();
}

awaitable<std::size_t> Courier::begin_attempts() {
    if (flights_ >= config_.at_once) co_return 0;
    LeaseRequest request;
    request.now = deps_.fan_out.clock.now();
    request.until = request.now + config_.lease.count();
    request.holder = random_id("", 16);
    request.at_most = config_.at_once - flights_;
    request.per_webhook = config_.per_webhook;
    for (const auto& [webhook_id, attempts] : in_flight_) request.busy.insert(request.busy.end(), attempts, webhook_id);
    const auto holder = request.holder;
    auto leased = co_await lease_deliveries(deps_.fan_out.pool, std::move(request));
    for (auto& delivery : leased) deps_.tasks.spawn("webhook", deliver(std::move(delivery), holder));
    co_return leased.size();
}

awaitable<void> Courier::wait(milliseconds limit) {
    if (has_ended_ || has_more_events_) co_return;
    wake_.expires_after(limit);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
}

awaitable<void> Courier::update_backlog() {
    const auto now = steady_clock::now();
    if (now < backlog_at_) co_return;
    backlog_at_ = now + backlog_interval;
    const auto backlog = co_await read_backlog(deps_.fan_out.pool);
    auto& metrics = deps_.fan_out.metrics;
    metrics.waiting.set(static_cast<double>(backlog.waiting));
    const auto since = backlog.oldest_due ? deps_.fan_out.clock.now() - *backlog.oldest_due : 0;
    metrics.oldest_due_seconds.set(since > 0 ? static_cast<double>(since) / 1000 : 0);
}

awaitable<SentMessage> Courier::attempt(LeasedDelivery& leased) {
    const auto& sealing = deps_.sealing;
    const auto& webhook_id = leased.delivery.webhook_id;
    const auto now = deps_.fan_out.clock.now();
    auto url = sealing.open(leased.sealed_url, url_place(leased.org_id, webhook_id));
    if (!url) co_return not_sent(now, url.error());
    auto secret = sealing.open(leased.sealed_secret, secret_place(leased.org_id, webhook_id));
    if (!secret) co_return not_sent(now, secret.error());
    Message message{std::move(*url), {std::move(*secret)}, leased.delivery.delivery_id, leased.delivery.body};
    if (leased.sealed_previous_secret && leased.previous_until > now) {
        auto previous = sealing.open(*leased.sealed_previous_secret, secret_place(leased.org_id, webhook_id));
        if (previous) message.secrets.push_back(std::move(*previous));
    }
    co_return co_await deps_.sender.send(std::move(message));
}

awaitable<void> Courier::deliver(LeasedDelivery leased, std::string holder) {
    const Flight flight(*this, leased.delivery.webhook_id);
    auto sent = co_await attempt(leased);
    try {
        co_await record(std::move(leased), std::move(holder), std::move(sent));
    } catch (const db::PgError& error) {
        note_error(error);  // the lease expires, and the delivery is attempted again
    }
}

awaitable<void> Courier::record(LeasedDelivery leased, std::string holder, SentMessage sent) {
    auto scope = db::Scope::tenant(leased.org_id.str());
    auto tx = co_await deps_.fan_out.pool.begin(std::move(scope));
    auto stored = co_await lock_webhook(tx, leased.org_id, leased.delivery.webhook_id);
    if (!stored) co_return;  // deleted meanwhile, with its deliveries
    const auto chance = std::uniform_real_distribution<double>(0, 1)(random_);
    const auto progress = after_attempt(leased.delivery.progress, sent.result, chance);
    const auto now = deps_.fan_out.clock.now();
    const bool is_mine = co_await finish_delivery(tx, leased.delivery.delivery_id, std::move(holder), progress, now);
    if (!is_mine) deps_.fan_out.metrics.leases_lost.add();
    co_await insert_attempt(tx, leased.org_id, leased.delivery.delivery_id, sent.attempt);
    const auto health = after_attempt(stored->webhook.health, sent.result);
    if (stored->webhook.settings.is_enabled && health != stored->webhook.health) {
        const bool is_to_be_disabled = health.disabled.has_value();
        stored->webhook.health.failing_since = health.failing_since;
        if (is_to_be_disabled) {
            co_await disable(tx, leased.org_id, std::move(*stored), *health.disabled);
        } else {
            co_await update_webhook(tx, stored->webhook, stored->sealed_url);
        }
    }
    co_await tx.commit();
    count(sent, progress);
}

awaitable<void> Courier::disable(db::Transaction& tx, access::OrgId org_id, StoredWebhook stored,
                                 DisabledReason reason) {
    const auto now = deps_.fan_out.clock.now();
    auto& webhook = stored.webhook;
    const auto url = deps_.sealing.open(stored.sealed_url, url_place(org_id, webhook.webhook_id));
    if (url) webhook.settings.url = *url;
    const auto before = webhook;
    webhook.settings.is_enabled = false;
    webhook.health.disabled = reason;
    webhook.disabled_at = webhook.updated_at = now;
    ++webhook.version;
    co_await update_webhook(tx, webhook, stored.sealed_url);
    co_await bury_deliveries(tx, webhook.webhook_id, now);
    auto entry = own_entry(org_id, now, before, webhook);
    co_await audit::append_audit(tx, std::move(entry));
    deps_.fan_out.metrics.disabled.add();
    deps_.log.warn("webhook_disabled",
                   {{"org_id", org_id.str()}, {"webhook", webhook.webhook_id.str()}, {"reason", name_of(reason)}});
}

void Courier::count(const SentMessage& sent, const DeliveryProgress& progress) {
    auto& metrics = deps_.fan_out.metrics;
    (sent.result.is_success() ? metrics.delivered : metrics.failed).add();
    if (sent.is_address_refused) metrics.refused.add();
    if (progress.state == DeliveryState::dead) metrics.dead.add();
    metrics.attempt_seconds.observe(static_cast<double>(sent.attempt.took_ms) / 1000);
}

void Courier::note_error(const db::PgError& error) {
    deps_.fan_out.metrics.errors.add();
    if (!is_failing_) deps_.log.warn("webhooks_failed", {{"detail", error.what()}, {"action", "retrying"}});
    is_failing_ = true;
}

}  // namespace fanion::cp::webhooks
