#include "control-plane/keys/key_request.hpp"

#include <algorithm>

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::keys {
namespace {

using Kind = model::AccessEntry::Kind;

constexpr std::size_t most_origins = 100;

Kind read_kind(json::Reader& r, bool is_of_environment) {
    const auto name = r.string("kind");
    for (const auto kind : {Kind::server, Kind::client, Kind::relay}) {
        if (model::name_of(kind) != name) continue;
        if (kind != Kind::relay && !is_of_environment) {
            r.fail_at("kind", "wrong_place", "server and client keys belong to one environment");
        }
        return kind;
    }
    if (body::has_string(r, "kind")) r.fail_at("kind", "unknown_kind", "a key's kind is server, client or relay");
    return Kind::server;
}

// What a browser sends as Origin (RFC 6454, 6.2), or "*".
bool is_origin(std::string_view text) {
    if (text == "*") return true;
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto host = text.substr(colon + 3);
    const auto is_plain = [](char c) { return c > ' ' && c < 0x7F && c != '/' && c != '?' && c != '#' && c != '@'; };
    return !host.empty() && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_plain) &&
           std::all_of(host.begin(), host.end(), is_plain);
}

std::vector<std::string> read_origins(json::Reader& r, Kind kind) {
    auto origins = r.strings("origins");
    if (!origins.empty() && kind != Kind::client) r.fail_at("origins", "wrong_kind", "only client keys have origins");
    if (origins.size() > most_origins) r.fail_at("origins", "too_many", "a key has at most 100 origins");
    for (const auto& origin : origins) {
        if (!is_origin(origin)) {
            r.fail_at("origins", "bad_origin", "an origin must be \"*\" or scheme://host[:port], not '" + origin + "'");
        }
    }
    return origins;
}

std::optional<UnixMillis> read_time(json::Reader& r, std::string_view member) {
    const auto text = r.optional_string(member);
    if (!text) return std::nullopt;
    const auto at = body::parse_time(*text);
    if (!at) r.fail_at(member, "bad_time", std::string(body::time_rule));
    return at;
}

}  // namespace

Result<KeyRequest> read_key_request(json::Value body, bool is_of_environment, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        KeyRequest request;
        request.kind = read_kind(r, is_of_environment);
        request.name = body::read_text(r, "name", 200);
        request.origins = read_origins(r, request.kind);
        request.ofrep_minimal = r.boolean("ofrep_minimal", false);
        request.rules = r.boolean("rules", false);
        if (request.rules && request.kind != Kind::client)
            r.fail_at("rules", "wrong_kind", "only client keys have `rules`; server keys may have them anyway");
        request.not_before = read_time(r, "not_before");
        request.expires_at =
            r.has("expires_at") ? body::read_future_time(r, "expires_at", now) : std::optional(now + key_lifetime);
        if (request.not_before && request.expires_at && *request.not_before >= *request.expires_at)
            r.fail_at("not_before", "after_expiry", "the key would expire before it is valid");
        return request;
    });
}

std::vector<Finding> warnings_about(const KeyRequest& request) {
    if (request.kind != Kind::client || !request.origins.empty()) return {};
    return {{"", "/origins", "no_origins",
             "browsers refuse the answers to a client key that lists no origin; list the pages' origins, or \"*\""}};
}

std::string_view key_prefix(Kind kind) noexcept {
    switch (kind) {
        case Kind::server:
            return "srv";
        case Kind::client:
            return "cli";
        case Kind::relay:
            return "rly";
    }
    return "srv";
}

}  // namespace fanion::cp::keys
