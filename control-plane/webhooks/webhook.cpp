#include "control-plane/webhooks/webhook.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/tree.hpp"
#include "common/net/origin.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::webhooks {
namespace {

constexpr std::size_t url_bytes = 2048;
constexpr std::size_t most_filter_values = 100;
constexpr std::int64_t longest_overlap_hours = 168;
constexpr UnixMillis hour = 60LL * 60 * 1000;

// Of GET; a request may send them back.
const std::initializer_list<std::string_view> derived_members{
    "id",         "disabled_reason", "disabled_at", "failing_since", "previous_secret_until",
    "created_by", "created_at",      "updated_at",  "version"};

bool is_url_character(char c) noexcept { return c > 0x20 && c < 0x7f && c != '#'; }

Error bad_url(std::string detail) { return {Errc::invalid_input, std::move(detail), {}}; }

std::string read_url(json::Reader& r) {
    auto url = r.string("url");
    if (!body::has_string(r, "url")) return url;
    if (url.size() > url_bytes) {
        r.fail_at("url", "too_long", "a URL has at most 2,048 bytes");
    } else if (const auto target = parse_target(url); !target) {
        r.fail_at("url", "bad_url", target.error().detail);
    }
    return url;
}

Template read_template(json::Reader& r) {
    const auto name = r.string("template", "generic");
    const auto found = parse_template(name);
    if (!found) r.fail_at("template", "unknown_template", "a template is generic, slack or teams");
    return found.value_or(Template::generic);
}

std::vector<std::string> read_values(json::Reader& r, std::string_view member, bool (*is_valid)(std::string_view),
                                     std::string_view code, std::string_view rule) {
    auto values = r.strings(member);
    if (values.size() > most_filter_values) r.fail_at(member, "too_many", "at most 100 values");
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!is_valid(values[i])) r.element(member, i, {}).fail(code, "'" + values[i] + "' " + std::string(rule));
    }
    return values;
}

bool is_key(std::string_view text) { return is_valid_key(text); }

EventFilter read_filter(json::Reader& r) {
    EventFilter filter;
    filter.types = read_values(r, "events", is_type_filter, "unknown_event",
                               "is no event: an action of the audit log as flag.updated, or flag.*, or *");
    filter.projects = read_values(r, "projects", is_key, "bad_key", "is not the key of a project");
    filter.environments = read_values(r, "environments", is_key, "bad_key", "is not the key of an environment");
    return filter;
}

WebhookSettings read_settings(json::Reader& r) {
    WebhookSettings settings;
    settings.name = body::read_text(r, "name", 200);
    settings.url = read_url(r);
    settings.form = read_template(r);
    settings.is_enabled = r.boolean("enabled", true);
    settings.filter = read_filter(r);
    return settings;
}

void write_values(json::Writer& w, std::string_view name, const std::vector<std::string>& values) {
    w.key(name).begin_array();
    for (const auto& value : values) w.string(value);
    w.end_array();
}

void write_settings(json::Writer& w, const WebhookSettings& settings) {
    w.member("template", name_of(settings.form)).member("enabled", settings.is_enabled);
    write_values(w, "events", settings.filter.types);
    write_values(w, "projects", settings.filter.projects);
    write_values(w, "environments", settings.filter.environments);
}

void write_state(json::Writer& w, const Webhook& webhook) {
    w.key("disabled_reason");
    if (webhook.health.disabled) {
        w.string(name_of(*webhook.health.disabled));
    } else {
        w.null();
    }
    body::write_time(w, "disabled_at", webhook.disabled_at);
    body::write_time(w, "failing_since", webhook.health.failing_since);
    body::write_time(w, "previous_secret_until", webhook.previous_secret_until);
    w.member("created_by", webhook.created_by).member("created_at", format_rfc3339(webhook.created_at));
    w.member("updated_at", format_rfc3339(webhook.updated_at)).member("version", webhook.version);
}

}  // namespace

Result<TargetUrl> parse_target(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return bad_url("a URL begins with https:// or http://");
    if (!std::all_of(url.begin(), url.end(), is_url_character)) {
        return bad_url("a URL has no fragment, and other characters than ASCII are written as %XX");
    }
    const auto end = std::min(url.find_first_of("/?", scheme + 3), url.size());
    TargetUrl found;
    found.origin = url.substr(0, end);
    const auto origin = net::parse_origin(found.origin);
    // Without the URL itself, which may be a credential.
    if (!origin) return bad_url("not an http or https URL: scheme://host[:port]/path, without user name");
    found.is_encrypted = origin->tls;
    found.target = url.substr(end);
    if (!found.target.starts_with('/')) found.target.insert(0, "/");
    return found;
}

Result<> check_target(const AddressPolicy& policy, std::string_view url, std::string pointer) {
    const auto target = parse_target(url);
    if (!target || policy.allows_host(net::parse_origin(target->origin)->host)) return boost::system::in_place_value;
    const std::string detail =
        "a private, loopback, link-local or reserved address, which is not called unless "
        "--webhook-allow-networks opens it";
    return Error{Errc::unprocessable, detail, {{"", std::move(pointer), "private_address", detail}}};
}

Result<WebhookSettings> read_new_webhook(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) { return read_settings(r); });
}

Result<> check_members(json::Value body) {
    const auto read = body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"url", "name", "template", "enabled", "events", "projects", "environments"});
        body::ignore_members(r, derived_members);
        body::ignore_warnings(r);
        return true;
    });
    if (!read) return read.error();
    return boost::system::in_place_value;
}

Result<WebhookSettings> read_webhook(json::Value body, const Webhook& present) {
    const auto tree = json::Tree::parse(webhook_text(present)).value();
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        auto settings = read_settings(r);
        body::check_unchanged(r, tree, {"id"}, "immutable");
        body::ignore_members(r, derived_members);
        body::ignore_warnings(r);
        return settings;
    });
}

Result<WebhookSettings> patch_webhook(json::Value patch, const Webhook& present) {
    const auto text = webhook_text(present);
    const auto tree = json::Tree::parse(text).value();
    std::vector<Finding> findings;
    json::Reader given(patch, findings);
    body::check_unchanged(given, tree, derived_members, "immutable");
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    auto merged = body::merged(text, patch);
    if (!merged) return merged.error();
    auto document = json::to_document(*merged, body::composed_limits());
    if (!document) return document.error();
    return read_webhook(document->root(), present);
}

void write_webhook(json::Writer& w, const Webhook& webhook) {
    w.begin_object().member("id", webhook.webhook_id.str()).member("name", webhook.settings.name);
    w.member("url", webhook.settings.url);
    write_settings(w, webhook.settings);
    write_state(w, webhook);
    w.end_object();
}

std::string webhook_text(const Webhook& webhook) {
    return body::text_of([&](json::Writer& w) { write_webhook(w, webhook); });
}

std::string audited_text(const Webhook& webhook) {
    const auto target = parse_target(webhook.settings.url);
    return body::object_text([&](json::Writer& w) {
        w.member("id", webhook.webhook_id.str()).member("name", webhook.settings.name);
        w.member("url_origin", target ? target->origin : "");
        w.member("url_fingerprint", to_hex(sha256(webhook.settings.url)).substr(0, 16));
        write_settings(w, webhook.settings);
        write_state(w, webhook);
    });
}

SealedPlace url_place(const access::OrgId& org_id, const WebhookId& webhook_id) {
    return {org_id.str(), "webhook/" + webhook_id.str() + "/url"};
}

SealedPlace secret_place(const access::OrgId& org_id, const WebhookId& webhook_id) {
    return {org_id.str(), "webhook/" + webhook_id.str() + "/secret"};
}

Result<UnixMillis> read_rotation(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        return hour * r.integer("overlap_hours", 0, longest_overlap_hours, 24);
    });
}

Result<> read_nothing(json::Value body) {
    const auto read = body::read_object(body, [](json::Reader&, std::vector<Finding>&) { return true; });
    if (!read) return read.error();
    return boost::system::in_place_value;
}

}  // namespace fanion::cp::webhooks
