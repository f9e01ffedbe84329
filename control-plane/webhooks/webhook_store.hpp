#pragma once

// Webhooks: their rows. URLs and secrets are sealed (base/sealing.hpp); the store passes them on as
// they are. Functions run in the caller's transaction, whose scope is the organisation. Throw
// PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::webhooks {

struct StoredWebhook {
    Webhook webhook;  // without its URL
    std::string sealed_url;
};

// Of `keys`, those of projects of the organisation.
boost::asio::awaitable<std::vector<std::string>> known_projects(db::Transaction& tx, access::OrgId org_id,
                                                                std::vector<std::string> keys);
// Of `keys`, those of environments in one of these projects; without any, in all of them.
boost::asio::awaitable<std::vector<std::string>> known_environments(db::Transaction& tx, access::OrgId org_id,
                                                                    std::vector<std::string> keys,
                                                                    std::vector<std::string> projects);
// In the order of their ids: the first `limit` after `after`.
boost::asio::awaitable<std::vector<StoredWebhook>> list_webhooks(db::Transaction& tx, access::OrgId org_id,
                                                                 std::string after, std::size_t limit);
boost::asio::awaitable<std::vector<StoredWebhook>> list_enabled_webhooks(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<std::size_t> count_webhooks(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<std::optional<StoredWebhook>> find_webhook(db::Transaction& tx, access::OrgId org_id,
                                                                  WebhookId webhook_id);
// The same, its row locked against other changes of it, but not against new deliveries.
boost::asio::awaitable<std::optional<StoredWebhook>> lock_webhook(db::Transaction& tx, access::OrgId org_id,
                                                                  WebhookId webhook_id);
boost::asio::awaitable<void> insert_webhook(db::Transaction& tx, access::OrgId org_id, const Webhook& webhook,
                                            std::string sealed_url, std::string sealed_secret);
// Writes settings, health, times and version.
boost::asio::awaitable<void> update_webhook(db::Transaction& tx, const Webhook& webhook, std::string sealed_url);
// With its deliveries.
boost::asio::awaitable<void> delete_webhook(db::Transaction& tx, WebhookId webhook_id);
// The secret becomes the previous one; webhook.previous_secret_until says for how long.
boost::asio::awaitable<void> rotate_secret(db::Transaction& tx, const Webhook& webhook, std::string sealed_secret);

}  // namespace fanion::cp::webhooks
