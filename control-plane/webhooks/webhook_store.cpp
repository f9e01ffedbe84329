#include "control-plane/webhooks/webhook_store.hpp"

#include <stdexcept>

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;

StoredWebhook to_webhook(db::Row row) {
    StoredWebhook stored;
    auto& webhook = stored.webhook;
    webhook.webhook_id = WebhookId(row.string(0));
    webhook.settings.name = row.string(1);
    stored.sealed_url = row.bytes(2);
    const auto form = parse_template(row.text(3));
    if (!form) throw std::logic_error("webhooks holds an unknown template");
    webhook.settings.form = *form;
    webhook.settings.is_enabled = row.boolean(4);
    webhook.settings.filter = {row.texts(5), row.texts(6), row.texts(7)};
    webhook.health.failing_since = row.optional_time(8);
    if (const auto reason = row.optional_text(9)) webhook.health.disabled = parse_disabled_reason(*reason);
    webhook.disabled_at = row.optional_time(10);
    webhook.previous_secret_until = row.optional_time(11);
    webhook.created_by = row.string(12);
    webhook.created_at = row.time(13);
    webhook.updated_at = row.time(14);
    webhook.version = row.u64(15);
    return stored;
}

std::vector<StoredWebhook> to_webhooks(const db::Rows& rows) {
    std::vector<StoredWebhook> found;
    for (const auto row : rows) found.push_back(to_webhook(row));
    return found;
}

std::optional<std::string> reason_or_null(const Webhook& webhook) {
    if (!webhook.health.disabled) return std::nullopt;
    return std::string(name_of(*webhook.health.disabled));
}

std::vector<std::string> to_keys(const db::Rows& rows) {
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    return found;
}

}  // namespace

constexpr db::Statement known_projects_sql{"known_projects",
                                           "SELECT key FROM projects WHERE org_id = $1 AND key = ANY ($2::text[])"};

awaitable<std::vector<std::string>> known_projects(db::Transaction& tx, access::OrgId org_id,
                                                   std::vector<std::string> keys) {
    const auto rows = co_await tx.run(known_projects_sql, org_id, keys);
    co_return to_keys(rows);
}

constexpr db::Statement known_environments_sql{
    "known_environments",
    "SELECT DISTINCT e.key FROM environments e JOIN projects p USING (project_id) WHERE e.org_id = $1 "
    "AND e.key = ANY ($2::text[]) AND ($3::text[] = '{}' OR p.key = ANY ($3))"};

awaitable<std::vector<std::string>> known_environments(db::Transaction& tx, access::OrgId org_id,
                                                       std::vector<std::string> keys,
                                                       std::vector<std::string> projects) {
    const auto rows = co_await tx.run(known_environments_sql, org_id, keys, projects);
    co_return to_keys(rows);
}

constexpr db::Statement list_webhooks_sql{
    "list_webhooks",
    "SELECT webhook_id, name, url, template, enabled, event_types, projects, environments, failing_since, "
    "disabled_reason, disabled_at, previous_until, created_by, created_at, updated_at, version "
    "FROM webhooks WHERE org_id = $1 AND webhook_id COLLATE \"C\" > $2 ORDER BY webhook_id COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<StoredWebhook>> list_webhooks(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                    std::size_t limit) {
    const auto rows = co_await tx.run(list_webhooks_sql, org_id, after, limit);
    co_return to_webhooks(rows);
}

constexpr db::Statement list_enabled_webhooks_sql{
    "list_enabled_webhooks",
    "SELECT webhook_id, name, url, template, enabled, event_types, projects, environments, failing_since, "
    "disabled_reason, disabled_at, previous_until, created_by, created_at, updated_at, version "
    "FROM webhooks WHERE org_id = $1 AND enabled ORDER BY webhook_id COLLATE \"C\""};

awaitable<std::vector<StoredWebhook>> list_enabled_webhooks(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(list_enabled_webhooks_sql, org_id);
    co_return to_webhooks(rows);
}

constexpr db::Statement count_webhooks_sql{"count_webhooks", "SELECT count(*) FROM webhooks WHERE org_id = $1"};

awaitable<std::size_t> count_webhooks(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_webhooks_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_webhook_sql{
    "find_webhook",
    "SELECT webhook_id, name, url, template, enabled, event_types, projects, environments, failing_since, "
    "disabled_reason, disabled_at, previous_until, created_by, created_at, updated_at, version "
    "FROM webhooks WHERE org_id = $1 AND webhook_id = $2"};

awaitable<std::optional<StoredWebhook>> find_webhook(db::Transaction& tx, access::OrgId org_id, WebhookId webhook_id) {
    const auto rows = co_await tx.run(find_webhook_sql, org_id, webhook_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_webhook(rows[0]);
}

constexpr db::Statement lock_webhook_sql{
    "lock_webhook",
    "SELECT webhook_id, name, url, template, enabled, event_types, projects, environments, failing_since, "
    "disabled_reason, disabled_at, previous_until, created_by, created_at, updated_at, version "
    "FROM webhooks WHERE org_id = $1 AND webhook_id = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<StoredWebhook>> lock_webhook(db::Transaction& tx, access::OrgId org_id, WebhookId webhook_id) {
    const auto rows = co_await tx.run(lock_webhook_sql, org_id, webhook_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_webhook(rows[0]);
}

constexpr db::Statement insert_webhook_sql{
    "insert_webhook",
    "INSERT INTO webhooks (webhook_id, org_id, name, url, secret, template, enabled, event_types, projects, "
    "environments, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$12)"};

awaitable<void> insert_webhook(db::Transaction& tx, access::OrgId org_id, const Webhook& webhook,
                               std::string sealed_url, std::string sealed_secret) {
    const auto& settings = webhook.settings;
    co_await tx.run(insert_webhook_sql, webhook.webhook_id, org_id, settings.name, db::Bytes{sealed_url},
                    db::Bytes{sealed_secret}, name_of(settings.form), settings.is_enabled, settings.filter.types,
                    settings.filter.projects, settings.filter.environments, webhook.created_by,
                    db::Time{webhook.created_at});
}

constexpr db::Statement update_webhook_sql{
    "update_webhook",
    "UPDATE webhooks SET name = $2, url = $3, template = $4, enabled = $5, event_types = $6, projects = $7, "
    "environments = $8, failing_since = $9, disabled_reason = $10, disabled_at = $11, updated_at = $12, version = $13 "
    "WHERE webhook_id = $1"};

awaitable<void> update_webhook(db::Transaction& tx, const Webhook& webhook, std::string sealed_url) {
    const auto& settings = webhook.settings;
    co_await tx.run(update_webhook_sql, webhook.webhook_id, settings.name, db::Bytes{sealed_url},
                    name_of(settings.form), settings.is_enabled, settings.filter.types, settings.filter.projects,
                    settings.filter.environments, db::to_time(webhook.health.failing_since), reason_or_null(webhook),
                    db::to_time(webhook.disabled_at), db::Time{webhook.updated_at}, webhook.version);
}

constexpr db::Statement delete_webhook_sql{"delete_webhook", "DELETE FROM webhooks WHERE webhook_id = $1"};

awaitable<void> delete_webhook(db::Transaction& tx, WebhookId webhook_id) {
    co_await tx.run(delete_webhook_sql, webhook_id);
}

constexpr db::Statement rotate_secret_sql{
    "rotate_webhook_secret",
    "UPDATE webhooks SET previous_secret = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE secret END, "
    "previous_until = $3, secret = $2, updated_at = $4, version = $5 WHERE webhook_id = $1"};

awaitable<void> rotate_secret(db::Transaction& tx, const Webhook& webhook, std::string sealed_secret) {
    co_await tx.run(rotate_secret_sql, webhook.webhook_id, db::Bytes{sealed_secret},
                    db::to_time(webhook.previous_secret_until), db::Time{webhook.updated_at}, webhook.version);
}

}  // namespace fanion::cp::webhooks
