#include "control-plane/sign_on/provider.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/tree.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/identity/email.hpp"
#include "control-plane/sign_on/discovery.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr std::size_t client_id_bytes = 500;
constexpr std::size_t secret_bytes = 1000;
constexpr std::size_t claim_bytes = 200;

// Of GET; a request may send them back.
const std::initializer_list<std::string_view> derived_members{"has_client_secret", "created_by", "created_at",
                                                              "updated_at", "version"};

bool is_visible(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string read_issuer(json::Reader& r) {
    auto issuer = r.string("issuer");
    if (body::has_string(r, "issuer") && !is_issuer(issuer)) {
        r.fail_at("issuer", "bad_url",
                  "an issuer is an https URL of at most 2,048 bytes without query; http only at 127.0.0.1, [::1] or "
                  "localhost");
    }
    return issuer;
}

std::string read_client_id(json::Reader& r) {
    auto client_id = r.string("client_id");
    if (!body::has_string(r, "client_id")) return client_id;
    if (client_id.empty() || client_id.size() > client_id_bytes || !is_visible(client_id)) {
        r.fail_at("client_id", "bad_client_id", "a client has an id of 1 to 500 visible characters of ASCII");
    }
    return client_id;
}

std::optional<std::string> read_secret(json::Reader& r) {
    if (!r.has("client_secret")) return std::nullopt;
    auto secret = r.optional_string("client_secret").value_or("");
    if (secret.size() > secret_bytes || !is_visible(secret)) {
        r.fail_at("client_secret", "bad_secret", "a secret has at most 1,000 visible characters of ASCII");
    }
    return secret;
}

std::vector<std::string> read_list(json::Reader& r, std::string_view member, std::size_t most,
                                   bool (*is_valid)(std::string_view), std::string_view rule) {
    auto values = r.strings(member);
    if (values.size() > most) {
        r.fail_at(member, "too_many", "at most " + std::to_string(most) + " values");
        values.clear();
    }
    for (const auto& value : values) {
        if (!is_valid(value)) r.fail_at(member, "bad_value", "'" + shortened(value, 100) + "' " + std::string(rule));
    }
    return values;
}

bool is_scope(std::string_view text) {
    return !text.empty() && text.size() <= 100 && is_visible(text) &&
           text.find_first_of("\"\\") == std::string_view::npos;
}

bool is_domain(std::string_view text) {
    const auto is_part = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.'; };
    return text.size() <= 253 && text.find('.') != std::string_view::npos && std::ranges::all_of(text, is_part) &&
           text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

ProviderSettings read_settings(json::Reader& r) {
    ProviderSettings settings;
    settings.name = body::read_text(r, "name", 200);
    settings.issuer = read_issuer(r);
    settings.client_id = read_client_id(r);
    settings.scopes = r.has("scopes") ? read_list(r, "scopes", most_scopes, is_scope, "is no scope")
                                      : std::vector<std::string>{"email", "profile"};
    settings.domains =
        read_list(r, "domains", most_domains, is_domain, "is no domain in lower case, as in the address of an e-mail");
    settings.groups_claim = body::read_text(r, "groups_claim", claim_bytes);
    settings.is_enabled = r.boolean("enabled", true);
    settings.adds_members = r.boolean("adds_members", false);
    if (settings.adds_members && settings.domains.empty()) {
        r.fail_at("domains", "missing",
                  "who becomes a member on the spot has an e-mail address of one of these domains");
    }
    return settings;
}

void write_texts(json::Writer& w, std::string_view name, const std::vector<std::string>& values) {
    w.key(name).begin_array();
    for (const auto& value : values) w.string(value);
    w.end_array();
}

}  // namespace

Result<ProviderRequest> read_new_provider(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        auto key = body::read_key(r, "key");
        auto settings = read_settings(r);
        return ProviderRequest{std::move(key), std::move(settings), read_secret(r)};
    });
}

Result<ProviderRequest> patch_provider(json::Value patch, const Provider& present) {
    const auto text = provider_text(present);
    const auto tree = json::Tree::parse(text).value();
    std::vector<Finding> findings;
    json::Reader given(patch, findings);
    body::check_unchanged(given, tree, derived_members, "immutable");
    body::check_unchanged(given, tree, {"key"}, "immutable");
    // A merge patch deletes by null, and a secret that is deleted is not one that stays.
    const bool deletes_secret = given.has("client_secret") && given.is_null("client_secret");
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    auto merged = body::merged(text, patch);
    if (!merged) return merged.error();
    auto document = json::to_document(*merged, body::composed_limits());
    if (!document) return document.error();
    return body::read_object(document->root(), [&](json::Reader& r, std::vector<Finding>&) {
        auto settings = read_settings(r);
        auto secret = read_secret(r);
        if (deletes_secret) secret = "";
        body::ignore_members(r, derived_members);
        body::ignore_members(r, {"key"});
        body::ignore_warnings(r);
        return ProviderRequest{present.key, std::move(settings), std::move(secret)};
    });
}

void write_provider(json::Writer& w, const Provider& provider) {
    const auto& settings = provider.settings;
    w.begin_object().member("key", provider.key).member("name", settings.name).member("issuer", settings.issuer);
    w.member("client_id", settings.client_id).member("has_client_secret", provider.has_secret);
    write_texts(w, "scopes", settings.scopes);
    write_texts(w, "domains", settings.domains);
    w.member("groups_claim", settings.groups_claim).member("enabled", settings.is_enabled);
    w.member("adds_members", settings.adds_members).member("created_by", provider.created_by);
    w.member("created_at", format_rfc3339(provider.created_at));
    w.member("updated_at", format_rfc3339(provider.updated_at)).member("version", provider.version).end_object();
}

std::string provider_text(const Provider& provider) {
    return body::text_of([&](json::Writer& w) { write_provider(w, provider); });
}

SealedPlace client_secret_place(const access::OrgId& org_id, const ProviderId& provider_id) {
    return {org_id.str(), "identity_provider/" + provider_id.str() + "/client_secret"};
}

bool covers(const ProviderSettings& settings, std::string_view email) {
    if (!identity::is_email(email)) return false;
    const auto key = identity::email_key(email);
    const auto domain = std::string_view(key).substr(key.rfind('@') + 1);
    return std::ranges::find(settings.domains, domain) != settings.domains.end();
}

}  // namespace fanion::cp::sign_on
