#include "control-plane/rollouts/source.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr std::size_t source_url_bytes = 2048;
constexpr std::size_t token_bytes = 4096;

std::string read_url(json::Reader& r) {
    auto url = r.string("url");
    if (!body::has_string(r, "url")) return url;
    const auto target = webhooks::parse_target(url);
    if (!target) {
        r.fail_at("url", "bad_url", target.error().detail);
    } else if (url.size() > source_url_bytes) {
        r.fail_at("url", "too_long", "a URL has at most 2,048 bytes");
    } else if (target->target.find('?') != std::string::npos) {
        r.fail_at("url", "bad_url", "the URL of a Prometheus has no query");
    }
    return url;
}

// What may stand in a header after "Bearer ".
bool is_token(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::optional<std::string> read_token(json::Reader& r) {
    if (!r.has("token")) return std::nullopt;
    auto token = r.optional_string("token").value_or("");
    if (token.size() > token_bytes) {
        r.fail_at("token", "too_long", "a token has at most 4,096 bytes");
    } else if (!is_token(token)) {
        r.fail_at("token", "bad_character", "a token has no spaces and only characters of ASCII");
    }
    return token;
}

}  // namespace

Result<SourceRequest> read_source(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        body::ignore_members(r, {"key", "has_token", "created_by", "created_at", "updated_at", "version"});
        body::ignore_warnings(r);
        return SourceRequest{read_url(r), read_token(r)};
    });
}

void write_source(json::Writer& w, const Source& source) {
    w.begin_object().member("key", source.key).member("url", source.url).member("has_token", source.has_token);
    w.member("created_by", source.created_by).member("created_at", format_rfc3339(source.created_at));
    w.member("updated_at", format_rfc3339(source.updated_at)).member("version", source.version).end_object();
}

std::string source_text(const Source& source) {
    return body::text_of([&](json::Writer& w) { write_source(w, source); });
}

std::string token_context(const std::string& org_id, const std::string& key) {
    return "prometheus/" + org_id + '/' + key + "/token";
}

}  // namespace fanion::cp::rollouts
