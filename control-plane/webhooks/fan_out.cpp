#include "control-plane/webhooks/fan_out.hpp"

#include <memory>
#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/webhook_store.hpp"

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;

constexpr std::size_t orgs_at_once = 16;
constexpr std::size_t events_at_once = 20;  // an entry may have megabytes

struct Batch {
    std::string org_key;
    std::vector<EventRow> events;
    std::vector<StoredWebhook> webhooks;
};

struct Made {
    std::vector<NewDelivery> deliveries;
    std::size_t unreadable = 0;
};

// An entry that is no longer one was written by somebody else: verification finds it, and those after it are delivered.
Made deliveries_of(const Batch& batch) {
    Made made;
    for (const auto& row : batch.events) {
        const auto event = event_of(row.canonical, batch.org_key, row.actor_email);
        if (!event) {
            ++made.unreadable;
            continue;
        }
        for (const auto& stored : batch.webhooks) {
            const auto& webhook = stored.webhook;
            if (!matches(webhook.settings.filter, *event)) continue;
            made.deliveries.push_back({DeliveryId(random_id("msg_", 20)), webhook.webhook_id, event->type,
                                       event->resource, message_body(webhook.settings.form, *event),
                                       std::string(order_key(event->resource))});
        }
    }
    return made;
}

void report_unreadable(const FanOutDeps& deps, const Batch& batch, std::size_t unreadable) {
    if (unreadable == 0) return;
    deps.metrics.unreadable.add(unreadable);
    deps.log.error("webhook_events_unreadable", {{"org", batch.org_key}, {"events", unreadable}});
}

awaitable<std::size_t> fan_out_org(FanOutDeps deps, EventOrg org) {
    auto scope = db::Scope::tenant(org.org_id.str());
    auto tx = co_await deps.pool.begin(std::move(scope));
    const bool is_mine = co_await lock_events(tx, org.org_id);
    if (!is_mine) co_return 0;
    auto taken = co_await take_events(tx, org.org_id, events_at_once);
    const auto batch = std::make_shared<Batch>();
    batch->org_key = org.key;
    batch->events = std::move(taken.events);
    batch->webhooks = co_await list_enabled_webhooks(tx, org.org_id);
    auto work = [batch] { return deliveries_of(*batch); };
    auto made = co_await deps.blocking.compute(std::move(work));
    const auto now = deps.clock.now();
    const auto queued = made.deliveries.size();
    for (auto& delivery : made.deliveries) co_await insert_delivery(tx, org.org_id, std::move(delivery), now);
    co_await tx.commit();
    deps.metrics.events.add(taken.taken);
    deps.metrics.queued.add(queued);
    report_unreadable(deps, *batch, made.unreadable);
    co_return taken.taken;
}

}  // namespace

awaitable<std::size_t> fan_out(FanOutDeps deps) {
    const auto orgs = co_await event_orgs(deps.pool, orgs_at_once);
    std::size_t taken = 0;
    for (const auto& org : orgs) taken += co_await fan_out_org(deps, org);
    co_return taken;
}

}  // namespace fanion::cp::webhooks
