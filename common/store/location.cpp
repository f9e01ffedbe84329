#include "common/store/location.hpp"

#include <algorithm>

#include "common/base/cidr.hpp"
#include "common/base/text.hpp"

namespace fanion::store {
namespace {

Error invalid(std::string detail) { return {Errc::invalid_input, std::move(detail)}; }

bool is_plain(std::string_view text, std::string_view further) {
    return std::ranges::all_of(text, [further](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return is_letter || is_digit(c) || further.find(c) != std::string_view::npos;
    });
}

// What stands before `separator`, which is removed from `text` with it; all of it if there is none.
std::string_view take_until(std::string_view& text, char separator) {
    const auto at = std::min(text.find(separator), text.size());
    const auto taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

bool is_http(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

Result<> check_http(std::string_view url) {
    const auto authority = url.substr(url.find("//") + 2);
    const auto host = authority.substr(0, authority.find_first_of("/?#"));
    if (host.empty()) return invalid("the URL has no host");
    if (host.find('@') != std::string_view::npos) return invalid("credentials do not belong into a URL");
    if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < 127; }))
        return invalid("the URL has characters that must be encoded");
    return {};
}

bool is_loopback(std::string_view url) {
    const auto authority = url.substr(url.find("//") + 2);
    auto host = authority.substr(0, authority.find_first_of("/?#"));
    if (host.starts_with('[')) return host.starts_with("[::1]");
    host = host.substr(0, host.find(':'));
    const auto address = parse_ip(host);
    return equals_ignore_case_ascii(host, "localhost") || (address && address->is_v4 && host.starts_with("127."));
}

Result<Location> parse_http(std::string_view text) {
    if (auto checked = check_http(text); !checked) return checked.error();
    if (text.starts_with("http://") && !is_loopback(text))
        return invalid(
            "a bundle is read from an https URL; http is for this machine only (localhost, 127.0.0.1, [::1])");
    Location location;
    location.kind = Location::Kind::http;
    location.path = text;
    location.shown = text.substr(0, text.find_first_of("?#"));
    return location;
}

Result<> read_s3_parameter(std::string_view parameter, Location& location) {
    const auto name = take_until(parameter, '=');
    if (name == "region" && !parameter.empty() && is_plain(parameter, "-")) {
        location.region = parameter;
        return {};
    }
    if (name != "endpoint") return invalid("the parameters of s3 are endpoint and region");
    if (!is_http(parameter)) return invalid("the endpoint must be an http or https URL");
    if (auto checked = check_http(parameter); !checked) return checked;
    while (parameter.ends_with('/')) parameter.remove_suffix(1);
    location.endpoint = parameter;
    return {};
}

Result<Location> parse_s3(std::string_view text) {
    Location location;
    location.kind = Location::Kind::s3;
    location.region = "us-east-1";
    location.shown = "s3://" + std::string(text.substr(0, text.find('?')));
    auto path = take_until(text, '?');
    while (!text.empty()) {
        if (auto read = read_s3_parameter(take_until(text, '&'), location); !read) return read.error();
    }
    location.bucket = take_until(path, '/');
    if (location.bucket.size() < 3 || location.bucket.size() > 63 || !is_plain(location.bucket, ".-"))
        return invalid("the name of a bucket is 3 to 63 letters, digits, '.' and '-'");
    while (path.ends_with('/')) path.remove_suffix(1);
    if (!is_plain(path, "._-/") || path.size() > 500)
        return invalid("the prefix may have letters, digits, '.', '_', '-' and '/'");
    if (!path.empty()) location.prefix = std::string(path) + "/";
    if (location.endpoint.empty()) location.endpoint = "https://s3." + location.region + ".amazonaws.com";
    return location;
}

Result<> read_authority(std::string_view authority, Location& location) {
    if (authority.find('@') != std::string_view::npos) return invalid("credentials do not belong into a URL");
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    location.host = authority.substr(0, has_port ? colon : authority.size());
    location.port = 6379;
    if (location.host.empty() || !is_plain(location.host, ".-_[]:")) return invalid("the URL has no valid host");
    if (!has_port) return {};
    const auto port = parse_u64(authority.substr(colon + 1));
    if (!port || *port == 0 || *port > 65'535) return invalid("the port is not valid");
    location.port = static_cast<std::uint16_t>(*port);
    return {};
}

Result<Location> parse_redis(std::string_view text, bool tls) {
    Location location;
    location.kind = Location::Kind::redis;
    location.tls = tls;
    location.key = "fanion";
    auto rest = text;
    if (auto read = read_authority(take_until(rest, '/'), location); !read) return read.error();
    const auto database = take_until(rest, '/');
    if (!database.empty()) {
        const auto number = parse_u64(database);
        if (!number || *number > 1'000'000) return invalid("the database must be a number");
        location.database = *number;
    }
    if (!rest.empty()) location.key = rest;
    if (!is_plain(location.key, "._-:{}") || location.key.size() > 200)
        return invalid("the key may have letters, digits, '.', '_', '-', ':', '{' and '}'");
    location.shown = (tls ? "rediss://" : "redis://") + std::string(text);
    return location;
}

}  // namespace

Result<Location> parse_location(std::string_view text) {
    if (is_http(text)) return parse_http(text);
    if (text.starts_with("s3://")) return parse_s3(text.substr(5));
    if (text.starts_with("redis://")) return parse_redis(text.substr(8), false);
    if (text.starts_with("rediss://")) return parse_redis(text.substr(9), true);
    if (text.empty() || text.find("://") != std::string_view::npos)
        return invalid("must be a path, or a URL that begins with https, s3, redis or rediss");
    Location location;
    location.path = text;
    location.shown = text;
    return location;
}

Result<std::vector<Location>> parse_locations(const std::vector<std::string>& texts, Use use) {
    std::vector<Location> locations;
    for (const auto& text : texts) {
        auto location = parse_location(text);
        if (!location) return location.error();
        if (use == Use::write && !location->is_writable()) return invalid("a file at a URL can only be read");
        locations.push_back(std::move(*location));
    }
    return locations;
}

}  // namespace fanion::store
