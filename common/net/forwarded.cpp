#include "common/net/forwarded.hpp"

#include <optional>
#include <utility>

#include "common/base/text.hpp"

namespace fanion::net {
namespace {

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80"
std::optional<IpAddress> parse_hop(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        const bool has_port = end != std::string_view::npos && text.substr(end + 1).starts_with(':');
        if (end == std::string_view::npos || (!has_port && end + 1 != text.size())) return std::nullopt;
        return parse_ip(text.substr(1, end - 1));
    }
    const auto colon = text.find(':');
    const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    return parse_ip(has_port ? text.substr(0, colon) : text);
}

// False when the element ends the search.
bool step(std::string_view element, const TrustedProxies& proxies, IpAddress& client) noexcept {
    const auto address = parse_hop(trim(element));
    if (!address) return false;
    client = *address;
    return proxies.contains(client);
}

bool walk(std::string_view list, const TrustedProxies& proxies, IpAddress& client) noexcept {
    for (;;) {
        const auto comma = list.rfind(',');
        if (comma == std::string_view::npos) return step(list, proxies, client);
        if (!step(list.substr(comma + 1), proxies, client)) return false;
        list = list.substr(0, comma);
    }
}

std::string_view first_of(std::string_view list) noexcept { return trim(list.substr(0, list.find(','))); }

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
    TrustedProxies proxies;
    for (const auto& network : networks) {
        if (proxies.networks_.add(trim(network))) continue;
        return Error{Errc::invalid_input, "'" + network + "' is not an address or a network such as 10.0.0.0/8"};
    }
    proxies.networks_.seal();
    return proxies;
}

std::function<bool(const std::string&)> contains_text(TrustedProxies proxies) {
    return [proxies = std::move(proxies)](const std::string& text) {
        const auto address = parse_ip(text);
        return address && proxies.contains(*address);
    };
}

Forwarded read_forwarded(const Request& request, const IpAddress& proxy, const TrustedProxies& proxies) noexcept {
    Forwarded forwarded;
    forwarded.client = proxy;
    forwarded.host = first_of(request.header("X-Forwarded-Host"));
    const auto scheme = first_of(request.header("X-Forwarded-Proto"));
    forwarded.is_https = scheme.empty() ? request.is_https() : equals_ignore_case_ascii(scheme, "https");
    const auto headers = request.headers();
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (!equals_ignore_case_ascii(header->name, "X-Forwarded-For")) continue;
        if (!walk(header->value, proxies, forwarded.client)) break;
    }
    return forwarded;
}

}  // namespace fanion::net
