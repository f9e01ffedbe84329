#include "control-plane/webhooks/delivery_routes.hpp"

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/webhook_store.hpp"

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;

Error bad_log_query(std::string pointer, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Result<DeliveryPage> read_delivery_page(http::Call& call) {
    DeliveryPage found;
    const auto page = http::read_page(call);
    if (!page) return page.error();
    found.limit = page->limit;
    if (!page->after.empty()) {
        found.before = parse_u64(page->after);
        if (!found.before || *found.before > INT64_MAX) {
            return bad_log_query("?cursor", "bad_cursor", "cursor must be the `next` of a page of this list");
        }
    }
    found.state = call.request.query("state").value_or("");
    if (!found.state.empty() && !parse_delivery_state(found.state)) {
        return bad_log_query("?state", "unknown_state", "a state is pending, failed, delivered or dead");
    }
    return found;
}

http::Answer handle_list_deliveries(http::Call& call) {
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    auto page = read_delivery_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto webhook = co_await find_webhook(tx, call.org.org_id, WebhookId(call.param("webhook")));
    if (!webhook) co_return http::not_found("webhook", "{webhook}");
    const auto limit = page->limit++;
    auto found = co_await list_deliveries(tx, webhook->webhook.webhook_id, *page);
    std::optional<std::string> next;
    if (http::truncate_to_page(found, limit)) next = http::cursor_after(std::to_string(found.back().delivery.position));
    const auto write_items = [&](json::Writer& w) {
        for (const auto& logged : found) write_delivery_summary(w, logged.delivery, logged.last);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_get_delivery(http::Call& call) {
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto webhook = co_await find_webhook(tx, call.org.org_id, WebhookId(call.param("webhook")));
    if (!webhook) co_return http::not_found("webhook", "{webhook}");
    const auto& webhook_id = webhook->webhook.webhook_id;
    const auto delivery = co_await find_delivery(tx, webhook_id, DeliveryId(call.param("delivery")));
    if (!delivery) co_return http::not_found("delivery", "{delivery}");
    const auto attempts = co_await list_attempts(tx, delivery->delivery_id, most_attempts_shown);
    auto body = delivery_text(*delivery, attempts);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

http::EditResult replay(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    if (auto ok = read_nothing(edit.body()); !ok) co_return ok.error();
    const auto stored = co_await lock_webhook(edit.tx(), call.org.org_id, WebhookId(call.param("webhook")));
    if (!stored) co_return http::not_found("webhook", "{webhook}");
    const auto& webhook = stored->webhook;
    auto delivery = co_await find_delivery(edit.tx(), webhook.webhook_id, DeliveryId(call.param("delivery")));
    if (!delivery) co_return http::not_found("delivery", "{delivery}");
    if (!webhook.settings.is_enabled) {
        co_return http::conflict("", "disabled", "the webhook is disabled: enable it, then replay");
    }
    const bool is_queued = co_await requeue_delivery(edit.tx(), delivery->delivery_id, call.now());
    if (!is_queued) co_return http::conflict("", "in_progress", "an attempt is under way; see how it ends");
    delivery->progress = replayed(call.now());
    delivery->ended_at.reset();
    const auto attempts = co_await list_attempts(edit.tx(), delivery->delivery_id, most_attempts_shown);
    const auto after = body::object_text([&](json::Writer& w) { w.member("delivery", delivery->delivery_id.str()); });
    http::AuditRecord record{audit::Action::webhook_replayed, "webhooks/" + webhook.webhook_id.str(), std::nullopt,
                             after};
    co_return http::EditOutcome{net::json_response(delivery_text(*delivery, attempts), 202), std::move(record)};
}

http::Answer handle_replay(http::Call& call) { return http::edit_resource(call, replay); }

using access::Permission;
using net::Method;

constexpr http::Route delivery_table[] = {
    {Method::get, "/api/v1/orgs/{org}/webhooks/{webhook}/deliveries", Permission::manage_webhooks,
     handle_list_deliveries, "limit cursor state"},
    {Method::get, "/api/v1/orgs/{org}/webhooks/{webhook}/deliveries/{delivery}", Permission::manage_webhooks,
     handle_get_delivery},
    {Method::post, "/api/v1/orgs/{org}/webhooks/{webhook}/deliveries/{delivery}/replay", Permission::manage_webhooks,
     handle_replay},
};

}  // namespace

std::span<const http::Route> delivery_routes() noexcept { return delivery_table; }

}  // namespace fanion::cp::webhooks
