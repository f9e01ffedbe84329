#include "common/net/proxy.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"

namespace fanion::net {
namespace {

// Of the URL nothing is repeated: it may have a password.
Error refused_proxy(const std::string& why) {
    return {Errc::invalid_input, "the proxy is not of the form http[s]://[user:password@]host[:port]: " + why};
}

std::string authority_of(const std::string& host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

// "user:password" with percent escapes, as RFC 7617 wants it.
Result<std::string> read_credentials(std::string_view text) {
    const auto user = text.substr(0, text.find(':'));
    const auto password = text.substr(std::min(user.size() + 1, text.size()));
    const auto plain_user = percent_decode(user);
    const auto plain_password = percent_decode(password);
    if (!plain_user || !plain_password || plain_user->find(':') != std::string::npos) {
        return refused_proxy("user or password has a malformed escape");
    }
    return "Basic " + to_base64(*plain_user + ":" + *plain_password);
}

Result<Proxy> parse_proxy(std::string_view url) {
    Proxy proxy;
    proxy.tls = url.starts_with("https://");
    if (proxy.tls || url.starts_with("http://")) url.remove_prefix(url.find("//") + 2);
    if (url.find("://") != std::string_view::npos) return refused_proxy("only http and https proxies are supported");
    const auto authority = url.substr(0, url.find('/'));
    const auto at = authority.rfind('@');
    if (at != std::string_view::npos) {
        auto credentials = read_credentials(authority.substr(0, at));
        if (!credentials) return credentials.error();
        proxy.credentials = std::move(*credentials);
        url.remove_prefix(at + 1);
    }
    const auto origin = parse_origin((proxy.tls ? "https://" : "http://") + std::string(url));
    if (!origin) return refused_proxy("host or port is malformed");
    proxy.host = origin->host;
    proxy.port = origin->port;
    proxy.name = authority_of(origin->host, origin->port);
    return proxy;
}

}  // namespace

Result<ProxySettings> ProxySettings::parse(std::string_view https_proxy, std::string_view no_proxy) {
    ProxySettings settings;
    if (!trim(https_proxy).empty()) {
        auto proxy = parse_proxy(trim(https_proxy));
        if (!proxy) return proxy.error();
        settings.proxy_ = std::move(*proxy);
    }
    for (const auto part : split(no_proxy, ',')) {
        auto entry = trim(part);
        if (entry.empty()) continue;
        if (entry == "*") settings.all_direct_ = true;
        if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
        if (settings.networks_.add(entry)) continue;
        const auto colon = entry.rfind(':');
        const auto port = colon == std::string_view::npos ? std::nullopt : parse_u64(entry.substr(colon + 1));
        auto name = port ? entry.substr(0, colon) : entry;
        if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
        if (name.starts_with('.')) name.remove_prefix(1);
        if (!name.empty()) settings.names_.push_back({to_lower_ascii(name), port.value_or(0)});
    }
    settings.networks_.seal();
    return settings;
}

const Proxy* ProxySettings::proxy_for(const Origin& origin) const noexcept {
    if (!proxy_ || !origin.tls || is_exception(origin)) return nullptr;
    return &*proxy_;
}

bool ProxySettings::is_exception(const Origin& origin) const noexcept {
    if (all_direct_) return true;
    if (const auto address = parse_ip(origin.host); address && networks_.contains(*address)) return true;
    const std::string_view host = origin.host;
    return std::ranges::any_of(names_, [&](const Exception& exception) {
        const auto size = exception.name.size();
        if (exception.port != 0 && exception.port != origin.port) return false;
        if (host.size() < size || !equals_ignore_case_ascii(host.substr(host.size() - size), exception.name))
            return false;
        return host.size() == size || host[host.size() - size - 1] == '.';
    });
}

std::string connect_request(const Proxy& proxy, const Origin& origin) {
    const auto target = authority_of(origin.host, origin.port);
    std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: fanion\r\n";
    if (!proxy.credentials.empty()) request += "Proxy-Authorization: " + proxy.credentials + "\r\n";
    return request + "\r\n";
}

}  // namespace fanion::net
