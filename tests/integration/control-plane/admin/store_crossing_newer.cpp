#include "tests/integration/control-plane/admin/store_crossing.hpp"

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/retention_store.hpp"
#include "control-plane/http/idempotency_store.hpp"
#include "control-plane/items/use_store.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/promotion/comparison_store.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/tokens/token_store.hpp"
#include "control-plane/webhooks/delivery_store.hpp"
#include "control-plane/webhooks/webhook_store.hpp"

namespace fanion::crossing {
namespace {

constexpr Sha256 planted_hash{7};

const Case newer_table[] = {
    // audit
    {"find_audit", true, [](Tx& tx, const Theirs& t) { return found(audit::find_audit(tx, t.org, t.entry)); }},
    {"find_audit_head", true, [](Tx& tx, const Theirs& t) { return found(audit::find_audit_head(tx, t.org)); }},
    {"find_audit_beginning", true,
     [](Tx& tx, const Theirs& t) { return found(audit::find_audit_beginning(tx, t.org)); }},
    {"find_audit_hashes", true,
     [](Tx& tx, const Theirs& t) {
         std::vector<std::int64_t> seqs{1};
         return found(audit::find_audit_hashes(tx, t.org, std::move(seqs)));
     }},
    {"lock_audit_chain", false, [](Tx& tx, const Theirs& t) { return written(audit::lock_audit_chain(tx, t.org)); }},
    {"find_audit_settings", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto settings = co_await audit::find_audit_settings(tx, t.org);
         co_return settings.version > 0;
     }},
    {"put_audit_settings", false,
     [](Tx& tx, const Theirs& t) -> Found {
         audit::AuditSettings settings{8, 2, now};
         co_await audit::put_audit_settings(tx, t.org, settings);
         co_return false;
     }},
    {"cut_audit", false,
     [](Tx& tx, const Theirs& t) -> Found {
         audit::OldAudit old{t.org, 7};
         co_await audit::cut_audit(tx, std::move(old), 10, now);
         co_return false;
     }},
    // http
    {"claim_idempotency_key", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const http::IdempotentRequest request{planted_hash, planted_hash, ""};
         co_await http::claim_idempotency_key(tx, t.org, request, now);
         co_return false;
     }},
    {"store_idempotent_response", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const http::IdempotentRequest request{planted_hash, planted_hash, ""};
         co_await http::store_idempotent_response(tx, t.org, request, "planted");
         co_return false;
     }},
    // items
    {"find_flag_uses", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto uses = co_await items::find_flag_uses(tx, t.project.project_id, "f", "", "");
         co_return !uses.uses.empty();
     }},
    {"find_segment_uses", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto uses = co_await items::find_segment_uses(tx, t.project.project_id, "s", "");
         co_return !uses.uses.empty();
     }},
    // keys
    {"list_successors", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto later = co_await keys::list_successors(tx, t.key_place, t.key);
         co_return !later.empty();
     }},
    {"hash_of_key", true, [](Tx& tx, const Theirs& t) { return found(keys::hash_of_key(tx, t.key)); }},
    {"expire_key", false, [](Tx& tx, const Theirs& t) { return written(keys::expire_key(tx, t.key, now)); }},
    // promotion
    {"list_differing", true,
     [](Tx& tx, const Theirs& t) -> Found {
         promotion::ComparisonPage page;
         const auto differing =
             co_await promotion::list_differing(tx, t.project.project_id, t.env.env_id, t.staging, std::move(page));
         co_return !differing.rows.empty();
     }},
    {"list_differing_keys", true,
     [](Tx& tx, const Theirs& t) {
         return found(promotion::list_differing_keys(tx, t.project.project_id, t.env.env_id, t.staging, 10));
     }},
    // publish
    {"record_author", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const wire::Version planted{t.env.version.epoch, t.env.version.number + 1};
         publish::VersionAuthor author{"user", "planted", "flag.updated", "", "planted"};
         publish::record_author(tx, t.org, t.env.env_id, planted, author);
         co_return false;
     }},
    {"list_versions", true,
     [](Tx& tx, const Theirs& t) -> Found {
         publish::VersionPage page;
         const auto versions = co_await publish::list_versions(tx, t.env.env_id, std::move(page));
         co_return !versions.empty();
     }},
    {"find_version", true,
     [](Tx& tx, const Theirs& t) { return found(publish::find_version(tx, t.env.env_id, t.env.version)); }},
    {"find_published_at", true,
     [](Tx& tx, const Theirs& t) { return found(publish::find_published_at(tx, t.env.env_id, t.env.version)); }},
    {"version_at", true, [](Tx& tx, const Theirs& t) { return found(publish::version_at(tx, t.env.env_id, now * 2)); }},
    {"read_items_at", true,
     [](Tx& tx, const Theirs& t) { return found(publish::read_items_at(tx, t.env.env_id, t.env.version)); }},
    {"read_newest_manifests", true,
     [](Tx& tx, const Theirs& t) { return found(publish::read_newest_manifests(tx, t.org)); }},
    // tokens
    {"list_service_tokens", true,
     [](Tx& tx, const Theirs& t) { return found(tokens::list_service_tokens(tx, t.org, "", 10)); }},
    {"find_service_token", true,
     [](Tx& tx, const Theirs& t) { return found(tokens::find_service_token(tx, t.org, t.token)); }},
    {"lock_service_token", true,
     [](Tx& tx, const Theirs& t) { return found(tokens::lock_service_token(tx, t.org, t.token)); }},
    {"service_token_replacing", false,
     [](Tx& tx, const Theirs& t) { return written(tokens::service_token_replacing(tx, t.org, t.token, now)); }},
    {"insert_service_token", false,
     [](Tx& tx, const Theirs& t) -> Found {
         tokens::ServiceToken planted;
         planted.token.token_id = access::TokenId("planted000");
         planted.token.name = "planted";
         planted.token.scopes = access::Permissions::all();
         planted.token.created_at = now;
         planted.account_id = access::ServiceAccountId("v_planted");
         planted.role = access::Role::owner;
         co_await tokens::insert_service_token(tx, t.org, std::move(planted), planted_hash);
         co_return false;
     }},
    {"expire_service_token", false,
     [](Tx& tx, const Theirs& t) { return written(tokens::expire_service_token(tx, t.org, t.token, now)); }},
    {"revoke_service_token", false,
     [](Tx& tx, const Theirs& t) { return written(tokens::revoke_service_token(tx, t.org, t.token, now)); }},
    // webhooks
    {"known_projects", true,
     [](Tx& tx, const Theirs& t) { return found(webhooks::known_projects(tx, t.org, {t.project.key})); }},
    {"known_environments", true,
     [](Tx& tx, const Theirs& t) { return found(webhooks::known_environments(tx, t.org, {t.env.key}, {})); }},
    {"count_webhooks", true, [](Tx& tx, const Theirs& t) { return found(webhooks::count_webhooks(tx, t.org)); }},
    {"list_webhooks", true, [](Tx& tx, const Theirs& t) { return found(webhooks::list_webhooks(tx, t.org, "", 10)); }},
    {"list_enabled_webhooks", true,
     [](Tx& tx, const Theirs& t) { return found(webhooks::list_enabled_webhooks(tx, t.org)); }},
    {"find_webhook", true, [](Tx& tx, const Theirs& t) { return found(webhooks::find_webhook(tx, t.org, t.webhook)); }},
    {"lock_webhook", true, [](Tx& tx, const Theirs& t) { return found(webhooks::lock_webhook(tx, t.org, t.webhook)); }},
    {"insert_webhook", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::Webhook planted;
         planted.webhook_id = webhooks::WebhookId("wh_planted");
         co_await webhooks::insert_webhook(tx, t.org, planted, "planted", "planted");
         co_return false;
     }},
    {"update_webhook", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::Webhook changed;
         changed.webhook_id = t.webhook;
         co_await webhooks::update_webhook(tx, changed, "planted");
         co_return false;
     }},
    {"rotate_secret", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::Webhook changed;
         changed.webhook_id = t.webhook;
         changed.previous_secret_until = now;
         co_await webhooks::rotate_secret(tx, changed, "planted");
         co_return false;
     }},
    {"delete_webhook", false, [](Tx& tx, const Theirs& t) { return written(webhooks::delete_webhook(tx, t.webhook)); }},
    {"lock_events", false, [](Tx& tx, const Theirs& t) { return written(webhooks::lock_events(tx, t.org)); }},
    {"take_events", false, [](Tx& tx, const Theirs& t) { return written(webhooks::take_events(tx, t.org, 10)); }},
    {"insert_delivery", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::NewDelivery planted{
             webhooks::DeliveryId("msg_planted"), t.webhook, "flag.updated", "planted", "{}", "planted"};
         co_await webhooks::insert_delivery(tx, t.org, std::move(planted), now);
         co_return false;
     }},
    {"insert_attempt", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::Attempt planted{now, 1, 200, "", "planted"};
         co_await webhooks::insert_attempt(tx, t.org, t.delivery, std::move(planted));
         co_return false;
     }},
    {"find_delivery", true,
     [](Tx& tx, const Theirs& t) { return found(webhooks::find_delivery(tx, t.webhook, t.delivery)); }},
    {"list_deliveries", true,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::DeliveryPage page;
         const auto logged = co_await webhooks::list_deliveries(tx, t.webhook, std::move(page));
         co_return !logged.empty();
     }},
    {"list_attempts", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto attempts = co_await webhooks::list_attempts(tx, t.delivery, 10);
         co_return !attempts.empty();
     }},
    {"finish_delivery", false,
     [](Tx& tx, const Theirs& t) -> Found {
         webhooks::DeliveryProgress progress;
         co_return co_await webhooks::finish_delivery(tx, t.delivery, "planted", progress, now);
     }},
    {"requeue_delivery", false,
     [](Tx& tx, const Theirs& t) { return written(webhooks::requeue_delivery(tx, t.delivery, now)); }},
    {"bury_deliveries", false,
     [](Tx& tx, const Theirs& t) { return written(webhooks::bury_deliveries(tx, t.webhook, now)); }},
};

}  // namespace

std::span<const Case> newer_cases() noexcept { return newer_table; }

}  // namespace fanion::crossing
