#include "control-plane/webhooks/webhook_routes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/sealing.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/signature.hpp"
#include "control-plane/webhooks/webhook_store.hpp"

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;

// The webhook with its URL. Error: unavailable, its key is not here.
Result<Webhook> opened(const http::Call& call, StoredWebhook stored) {
    auto url = call.services.sealing.open(stored.sealed_url, url_place(call.org.org_id, stored.webhook.webhook_id));
    if (!url) return url.error();
    stored.webhook.settings.url = std::move(*url);
    return std::move(stored.webhook);
}

awaitable<Result<Webhook>> locked_webhook(http::Edit& edit) {
    const auto& call = edit.call();
    auto stored = co_await lock_webhook(edit.tx(), call.org.org_id, WebhookId(call.param("webhook")));
    if (!stored) co_return http::not_found("webhook", "{webhook}");
    co_return opened(call, std::move(*stored));
}

std::vector<Finding> warnings_about(const Webhook& webhook) {
    const auto target = parse_target(webhook.settings.url);
    if (!target || target->is_encrypted) return {};
    return {{"", "/url", "not_encrypted", "messages to an http:// URL can be read on their way; prefer https://"}};
}

bool has_key(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Those that are neither there nor were in the filter before: what was deleted since may stay.
void note_unknown(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                  const std::vector<std::string>& before, const std::string& member, std::vector<Finding>& findings) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (has_key(known, wanted[i]) || has_key(before, wanted[i])) continue;
        findings.push_back({"", '/' + member + '/' + std::to_string(i), "unknown_reference",
                            "there is no such " + member.substr(0, member.size() - 1) + ": `" + wanted[i] + '`'});
    }
}

// Error: unprocessable, the filter names what is not there.
awaitable<Result<>> check_filter(http::Edit& edit, const EventFilter& filter, const EventFilter& before) {
    if (filter == before) co_return boost::system::in_place_value;
    const auto& org_id = edit.call().org.org_id;
    const auto projects = co_await known_projects(edit.tx(), org_id, filter.projects);
    const auto environments = co_await known_environments(edit.tx(), org_id, filter.environments, filter.projects);
    std::vector<Finding> findings;
    note_unknown(filter.projects, projects, before.projects, "projects", findings);
    note_unknown(filter.environments, environments, before.environments, "environments", findings);
    if (findings.empty()) co_return boost::system::in_place_value;
    co_return Error{Errc::unprocessable, "the webhook names what is not there", std::move(findings)};
}

// Of what a change makes of the present settings.
awaitable<Result<>> check_settings(http::Edit& edit, const WebhookSettings& settings, const WebhookSettings& present) {
    if (settings.url != present.url) {
        auto allowed = check_target(edit.call().services.addresses, settings.url, "/url");
        if (!allowed) co_return allowed;
    }
    co_return co_await check_filter(edit, settings.filter, present.filter);
}

// The answer to a change that the audit log has without the URL.
http::EditOutcome shown(http::EditOutcome outcome, const Webhook& webhook, std::string text) {
    outcome.response.body = std::move(text);
    http::add_warnings(outcome.response, warnings_about(webhook));
    return outcome;
}

// With the secret, on the two occasions on which it is shown.
std::string text_with_secret(const Webhook& webhook, const std::string& secret) {
    auto text = webhook_text(webhook);
    text.pop_back();
    text += ",\"secret\":";
    json::Writer(text).string(secret);
    return text + '}';
}

http::Answer handle_list_webhooks(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto stored = co_await list_webhooks(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next =
        http::end_page(stored, *page, [](const StoredWebhook& one) { return one.webhook.webhook_id.str(); });
    std::vector<Webhook> webhooks;
    for (auto& one : stored) {
        auto webhook = opened(call, std::move(one));
        if (!webhook) co_return webhook.error();
        webhooks.push_back(std::move(*webhook));
    }
    co_return net::json_response(http::list_text(write_webhook, webhooks, next));
}

http::EditResult create_webhook(http::Edit& edit, WebhookSettings settings) {
    auto& call = edit.call();
    // A webhook tells of changes everywhere.
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    const auto present = co_await count_webhooks(edit.tx(), call.org.org_id);
    if (present >= most_webhooks) co_return http::conflict("", "limit", "an organisation has at most 50 webhooks");
    Webhook webhook;
    auto checked = co_await check_settings(edit, settings, webhook.settings);
    if (!checked) co_return checked.error();
    webhook.webhook_id = WebhookId(random_id("wh_"));
    webhook.settings = std::move(settings);
    webhook.created_by = call.principal.actor_id();
    webhook.created_at = webhook.updated_at = call.now();
    const auto secret = make_secret();
    auto sealed_url = call.services.sealing.seal(webhook.settings.url, url_place(call.org.org_id, webhook.webhook_id));
    if (!sealed_url) co_return sealed_url.error();
    auto sealed_secret = call.services.sealing.seal(secret, secret_place(call.org.org_id, webhook.webhook_id));
    if (!sealed_secret) co_return sealed_secret.error();
    co_await insert_webhook(edit.tx(), call.org.org_id, webhook, std::move(*sealed_url), std::move(*sealed_secret));
    auto outcome = edit.created(audit::Action::webhook_created, webhook.webhook_id.str(), audited_text(webhook),
                                http::etag(webhook.version));
    co_return shown(std::move(outcome), webhook, text_with_secret(webhook, secret));
}

http::Answer handle_create_webhook(http::Call& call) {
    return http::edit_resource(call, read_new_webhook, create_webhook);
}

// Never 304: deliveries change failing_since under the same tag.
http::Answer handle_get_webhook(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto stored = co_await find_webhook(tx, call.org.org_id, WebhookId(call.param("webhook")));
    if (!stored) co_return http::not_found("webhook", "{webhook}");
    const auto webhook = opened(call, std::move(*stored));
    if (!webhook) co_return webhook.error();
    auto response = net::json_response(webhook_text(*webhook));
    response.set("ETag", http::etag(webhook->version));
    co_return response;
}

// What enabling by a person means: whatever disabled it is forgotten.
void apply_settings(Webhook& webhook, WebhookSettings settings, UnixMillis now) {
    if (settings.is_enabled && !webhook.settings.is_enabled) {
        webhook.health = {};
        webhook.disabled_at.reset();
    }
    webhook.settings = std::move(settings);
    webhook.updated_at = now;
    ++webhook.version;
}

http::EditResult change_webhook(http::Edit& edit, Result<WebhookSettings> (*read)(json::Value, const Webhook&)) {
    auto& call = edit.call();
    if (auto ok = check_members(edit.body()); !ok) co_return ok.error();
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    auto webhook = co_await locked_webhook(edit);
    if (!webhook) co_return webhook.error();
    const auto tag = http::etag(webhook->version);
    auto matched = edit.match(tag, webhook_text(*webhook));
    if (!matched) co_return matched.error();
    auto settings = read(edit.body(), *webhook);
    if (!settings) co_return settings.error();
    if (*settings == webhook->settings) {
        co_return shown(edit.unchanged(webhook_text(*webhook), tag), *webhook, webhook_text(*webhook));
    }
    auto checked = co_await check_settings(edit, *settings, webhook->settings);
    if (!checked) co_return checked.error();
    const auto before = audited_text(*webhook);
    apply_settings(*webhook, std::move(*settings), call.now());
    auto sealed_url =
        call.services.sealing.seal(webhook->settings.url, url_place(call.org.org_id, webhook->webhook_id));
    if (!sealed_url) co_return sealed_url.error();
    co_await update_webhook(edit.tx(), *webhook, std::move(*sealed_url));
    auto outcome = edit.changed(audit::Action::webhook_updated, std::move(*matched), audited_text(*webhook),
                                http::etag(webhook->version));
    outcome.audit->before = before;
    co_return shown(std::move(outcome), *webhook, webhook_text(*webhook));
}

http::Answer handle_replace_webhook(http::Call& call) {
    return http::edit_resource(call, change_webhook, read_webhook);
}
http::Answer handle_patch_webhook(http::Call& call) { return http::edit_resource(call, change_webhook, patch_webhook); }

http::EditResult remove_webhook(http::Edit& edit) {
    auto webhook = co_await locked_webhook(edit);
    if (!webhook) co_return webhook.error();
    auto matched = edit.match(http::etag(webhook->version), webhook_text(*webhook));
    if (!matched) co_return matched.error();
    co_await delete_webhook(edit.tx(), webhook->webhook_id);
    auto outcome = edit.deleted(audit::Action::webhook_deleted, std::move(*matched));
    outcome.audit->before = audited_text(*webhook);
    co_return outcome;
}

http::Answer handle_delete_webhook(http::Call& call) { return http::edit_resource(call, remove_webhook); }

std::string resource_of_webhook(const Webhook& webhook) { return "webhooks/" + webhook.webhook_id.str(); }

http::EditResult rotate(http::Edit& edit) {
    auto& call = edit.call();
    const auto overlap = read_rotation(edit.body());
    if (!overlap) co_return overlap.error();
    if (auto ok = http::require_throughout(call, access::Permission::read); !ok) co_return ok.error();
    auto webhook = co_await locked_webhook(edit);
    if (!webhook) co_return webhook.error();
    auto matched = edit.match(http::etag(webhook->version), webhook_text(*webhook));
    if (!matched) co_return matched.error();
    const auto before = audited_text(*webhook);
    const auto now = call.now();
    webhook->previous_secret_until = *overlap > 0 ? std::optional(now + *overlap) : std::nullopt;
    webhook->updated_at = now;
    ++webhook->version;
    const auto secret = make_secret();
    auto sealed = call.services.sealing.seal(secret, secret_place(call.org.org_id, webhook->webhook_id));
    if (!sealed) co_return sealed.error();
    co_await rotate_secret(edit.tx(), *webhook, std::move(*sealed));
    auto outcome = edit.changed(audit::Action::webhook_rotated, std::move(*matched), audited_text(*webhook),
                                http::etag(webhook->version));
    outcome.audit->before = before;
    outcome.audit->resource = resource_of_webhook(*webhook);
    outcome.response.body = text_with_secret(*webhook, secret);
    co_return outcome;
}

http::Answer handle_rotate_webhook(http::Call& call) { return http::edit_resource(call, rotate); }

http::EditResult test_webhook(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = read_nothing(edit.body()); !ok) co_return ok.error();
    auto webhook = co_await locked_webhook(edit);
    if (!webhook) co_return webhook.error();
    if (!webhook->settings.is_enabled) {
        co_return http::conflict("", "disabled", "the webhook is disabled: enable it, then test it");
    }
    const auto& id = webhook->webhook_id;
    const auto event = test_event(call.org.key, id.str(), call.principal.email, call.now());
    const DeliveryId delivery_id(random_id("msg_", 20));
    // A test waits for no other message, least of all for one that fails.
    NewDelivery made{delivery_id,      id, event.type, event.resource, message_body(webhook->settings.form, event),
                     delivery_id.str()};
    co_await insert_delivery(edit.tx(), call.org.org_id, std::move(made), call.now());
    const auto delivery = co_await find_delivery(edit.tx(), id, delivery_id);
    auto response = net::json_response(delivery_text(*delivery, {}), 202);
    response.set("Location",
                 "/api/v1/orgs/" + call.org.key + "/webhooks/" + id.str() + "/deliveries/" + delivery_id.str());
    const auto after = body::object_text([&](json::Writer& w) { w.member("delivery", delivery_id.str()); });
    http::AuditRecord record{audit::Action::webhook_tested, resource_of_webhook(*webhook), std::nullopt, after};
    co_return http::EditOutcome{std::move(response), std::move(record)};
}

http::Answer handle_test_webhook(http::Call& call) { return http::edit_resource(call, test_webhook); }

using access::Permission;
using net::Method;

constexpr http::Route webhook_table[] = {
    {Method::get, "/api/v1/orgs/{org}/webhooks", Permission::manage_webhooks, handle_list_webhooks, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/webhooks", Permission::manage_webhooks, handle_create_webhook},
    {Method::get, "/api/v1/orgs/{org}/webhooks/{webhook}", Permission::manage_webhooks, handle_get_webhook},
    {Method::put, "/api/v1/orgs/{org}/webhooks/{webhook}", Permission::manage_webhooks, handle_replace_webhook},
    {Method::patch, "/api/v1/orgs/{org}/webhooks/{webhook}", Permission::manage_webhooks, handle_patch_webhook},
    {Method::del, "/api/v1/orgs/{org}/webhooks/{webhook}", Permission::manage_webhooks, handle_delete_webhook},
    {Method::post, "/api/v1/orgs/{org}/webhooks/{webhook}/rotate", Permission::manage_webhooks, handle_rotate_webhook},
    {Method::post, "/api/v1/orgs/{org}/webhooks/{webhook}/test", Permission::manage_webhooks, handle_test_webhook},
};

}  // namespace

std::span<const http::Route> webhook_routes() noexcept { return webhook_table; }

}  // namespace fanion::cp::webhooks
