#include "control-plane/sign_on/pending.hpp"

#include <algorithm>
#include <utility>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/sign_on/sealed_json.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr std::string_view pending_context = "sign_on/pending";
constexpr std::size_t path_bytes = 512;

std::string random_text() { return to_base64url(random_bytes(32)); }

void append_parameter(std::string& url, std::string_view name, std::string_view value) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url.append(name).append("=").append(percent_encode(value));
}

bool is_base64url(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::optional<LoopbackClient> read_client(json::Reader& r) {
    const auto port = r.integer("port", 0, 65535, 0);
    if (port == 0) return std::nullopt;
    return LoopbackClient{static_cast<std::uint16_t>(port), r.string("challenge")};
}

}  // namespace

PendingSignOn new_pending(access::OrgId org_id, ProviderId provider_id, UnixMillis now) {
    PendingSignOn made;
    made.org_id = std::move(org_id);
    made.provider_id = std::move(provider_id);
    made.state = random_text();
    made.nonce = random_text();
    made.verifier = random_text();
    made.expires_at = now + pending_lifetime;
    return made;
}

Result<std::string> seal_pending(const SealingKeys& keys, const PendingSignOn& pending) {
    const auto text = body::object_text([&](json::Writer& w) {
        w.member("org", pending.org_id.str()).member("provider", pending.provider_id.str());
        w.member("state", pending.state).member("nonce", pending.nonce).member("verifier", pending.verifier);
        w.member("return_to", pending.return_to).member("expires_at", pending.expires_at);
        if (pending.client) w.member("port", pending.client->port).member("challenge", pending.client->challenge);
    });
    return seal_json(keys, text, pending_context);
}

std::optional<PendingSignOn> open_pending(const SealingKeys& keys, std::string_view value, UnixMillis now) {
    auto found = open_json(keys, value, pending_context, [](json::Reader& r) {
        return PendingSignOn{access::OrgId(r.string("org")),
                             ProviderId(r.string("provider")),
                             r.string("state"),
                             r.string("nonce"),
                             r.string("verifier"),
                             r.string("return_to"),
                             read_client(r),
                             static_cast<UnixMillis>(r.unsigned_integer("expires_at"))};
    });
    if (found && found->expires_at <= now) return std::nullopt;
    return found;
}

identity::BrowserSite pending_site(identity::BrowserSite site) {
    site.cookie_name += "-sign-on";
    return site;
}

std::string redirect_uri(const identity::BrowserSite& site) {
    return site.origin + site.cookie_path + "api/v1/auth/sign-on/callback";
}

std::string authorization_url(const ProviderMetadata& metadata, const ProviderSettings& settings,
                              const PendingSignOn& pending, const std::string& redirect_uri) {
    std::string scope = "openid";
    for (const auto& one : settings.scopes) {
        if (one != "openid") scope += ' ' + one;
    }
    auto url = metadata.authorization_endpoint;
    append_parameter(url, "response_type", "code");
    append_parameter(url, "client_id", settings.client_id);
    append_parameter(url, "redirect_uri", redirect_uri);
    append_parameter(url, "scope", scope);
    append_parameter(url, "state", pending.state);
    append_parameter(url, "nonce", pending.nonce);
    append_parameter(url, "code_challenge", challenge_of(pending.verifier));
    append_parameter(url, "code_challenge_method", "S256");
    return url;
}

bool is_local_path(std::string_view path) noexcept {
    const bool is_path = path.starts_with('/') && !path.starts_with("//") && path.size() <= path_bytes;
    // Browsers read a backslash as a slash.
    return is_path && std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
}

std::string challenge_of(std::string_view verifier) {
    const auto hash = sha256(verifier);
    return to_base64url(as_view(hash));
}

bool is_challenge(std::string_view text) noexcept {
    return text.size() == 43 && std::ranges::all_of(text, is_base64url);
}

}  // namespace fanion::cp::sign_on
