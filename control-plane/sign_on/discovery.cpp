#include "control-plane/sign_on/discovery.hpp"

#include <algorithm>

#include "common/json/document.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr json::ScanLimits metadata_limits{metadata_bytes, 16};
// Its tokens may be as long as it is: an ID token that is too long for us is to be refused as such.
constexpr json::ScanLimits answer_limits{token_answer_bytes, 16, limits::json_number_length, token_answer_bytes};
constexpr std::size_t error_bytes = 64;

Error bad_metadata(std::string detail) {
    return {Errc::invalid_input, "the provider's metadata: " + std::move(detail), {}};
}

std::string_view member_text(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value.is(json::Kind::string) ? value.as_string() : std::string_view();
}

bool is_loopback_origin(std::string_view origin) {
    const auto host = origin.substr(origin.find("://") + 3);
    for (const auto* known : {"127.0.0.1", "localhost", "[::1]"}) {
        if (host == known || host.starts_with(std::string(known) + ':')) return true;
    }
    return false;
}

bool is_endpoint(std::string_view url) {
    if (url.size() > url_bytes) return false;
    const auto target = webhooks::parse_target(url);
    return target && (target->is_encrypted || is_loopback_origin(target->origin));
}

bool is_same_security(std::string_view url, std::string_view issuer) {
    return url.starts_with("https://") || !issuer.starts_with("https://");
}

bool lists(json::Value list, std::string_view name) {
    if (!list || !list.is(json::Kind::array)) return false;
    const auto elements = list.elements();
    for (const auto value : elements) {
        if (value.is(json::Kind::string) && value.as_string() == name) return true;
    }
    return false;
}

}  // namespace

bool is_issuer(std::string_view url) { return is_endpoint(url) && url.find('?') == std::string_view::npos; }

std::string metadata_url(std::string_view issuer) {
    std::string url(issuer);
    if (url.ends_with('/')) url.pop_back();
    return url + "/.well-known/openid-configuration";
}

Result<ProviderMetadata> parse_metadata(std::string_view text, std::string_view issuer) {
    json::Document document;
    if (auto ok = document.parse(text, metadata_limits); !ok) return ok.error();
    const auto root = document.root();
    ProviderMetadata found;
    found.issuer = member_text(root, "issuer");
    // Else one provider could pass for another (Discovery 1.0, section 4.3).
    if (found.issuer != issuer) return bad_metadata("it is of another issuer");
    found.authorization_endpoint = member_text(root, "authorization_endpoint");
    found.token_endpoint = member_text(root, "token_endpoint");
    found.jwks_uri = member_text(root, "jwks_uri");
    for (const auto* url : {&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri}) {
        if (!is_endpoint(*url) || !is_same_security(*url, issuer)) {
            return bad_metadata("authorization_endpoint, token_endpoint and jwks_uri are https URLs");
        }
    }
    const auto methods = root.find("token_endpoint_auth_methods_supported");
    found.wants_secret_in_body = lists(methods, "client_secret_post") && !lists(methods, "client_secret_basic");
    const auto sends = root.find("authorization_response_iss_parameter_supported");
    found.sends_issuer = sends && sends.is(json::Kind::boolean) && sends.as_bool();
    return found;
}

Result<TokenAnswer> parse_token_answer(std::string_view text) {
    json::Document document;
    if (auto ok = document.parse(text, answer_limits); !ok) return ok.error();
    TokenAnswer answer{std::string(member_text(document.root(), "id_token")),
                       std::string(member_text(document.root(), "access_token"))};
    if (answer.id_token.empty()) return Error{Errc::invalid_input, "the provider's answer has no ID token", {}};
    return answer;
}

std::string error_of_answer(std::string_view text) {
    json::Document document;
    if (!document.parse(text, answer_limits)) return {};
    const auto code = member_text(document.root(), "error");
    const bool is_code = code.size() <= error_bytes &&
                         std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return is_code ? std::string(code) : std::string();
}

}  // namespace fanion::cp::sign_on
