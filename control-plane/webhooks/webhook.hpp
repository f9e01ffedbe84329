#pragma once

// A webhook: a URL that an organisation's changes are sent to. The body of requests for one, and
// its JSON. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/sealing.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/webhooks/address_policy.hpp"
#include "control-plane/webhooks/delivery_state.hpp"
#include "control-plane/webhooks/event.hpp"
#include "control-plane/webhooks/message.hpp"

namespace fanion::cp::webhooks {

using WebhookId = StrongId<struct WebhookIdTag>;

inline constexpr std::size_t most_webhooks = 50;  // of an organisation

// What people decide.
struct WebhookSettings {
    std::string name;
    std::string url;  // secret: those of Slack and Teams are credentials
    Template form = Template::generic;
    bool is_enabled = true;
    EventFilter filter;

    friend bool operator==(const WebhookSettings&, const WebhookSettings&) = default;
};

struct Webhook {
    WebhookId webhook_id;
    WebhookSettings settings;
    HookHealth health;
    std::optional<UnixMillis> disabled_at;            // by us
    std::optional<UnixMillis> previous_secret_until;  // while two secrets sign
    std::string created_by;                           // user or key
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

// Errors: invalid_input with findings.
Result<WebhookSettings> read_new_webhook(json::Value body);
// Whether a body for PUT or PATCH has members of a webhook only. Error: invalid_input,
// unknown_field.
Result<> check_members(json::Value body);
// PUT: what is not given gets its default. Derived members may be sent back unchanged.
Result<WebhookSettings> read_webhook(json::Value body, const Webhook& present);
// PATCH: a JSON Merge Patch of the settings.
Result<WebhookSettings> patch_webhook(json::Value patch, const Webhook& present);

// Where requests go, from a URL that was accepted: {"https://hooks.example:8443", "/in?token=1"}.
// Error: invalid_input, not an http or https URL without user info and fragment.
struct TargetUrl {
    std::string origin;
    std::string target;  // path and query
    bool is_encrypted = false;
};
Result<TargetUrl> parse_target(std::string_view url);
// Whether the policy lets requests go there, as far as that is known before its name is looked up:
// private addresses are refused when somebody enters them, not only when they are called. Error:
// unprocessable, private_address at `pointer`. A malformed URL passes.
Result<> check_target(const AddressPolicy& policy, std::string_view url, std::string pointer);

// As the API shows it to those who may change it.
std::string webhook_text(const Webhook& webhook);
// As the audit log holds it: of the URL only the origin, and a fingerprint that tells URLs apart.
std::string audited_text(const Webhook& webhook);
void write_webhook(json::Writer& w, const Webhook& webhook);

// What URL and secret of a webhook are sealed for (base/sealing.hpp).
SealedPlace url_place(const access::OrgId& org_id, const WebhookId& webhook_id);
SealedPlace secret_place(const access::OrgId& org_id, const WebhookId& webhook_id);

// How long the previous secret still signs after a rotation: the member overlap_hours, 0 to 168,
// by default 24.
Result<UnixMillis> read_rotation(json::Value body);
// The body of requests that say nothing: {}.
Result<> read_nothing(json::Value body);

}  // namespace fanion::cp::webhooks
