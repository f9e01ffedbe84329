#include "common/net/origin.hpp"

#include <algorithm>

#include "common/base/text.hpp"

namespace fanion::net {
namespace {

bool is_host_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
}

bool is_address6_character(char c) noexcept {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

bool is_prefix_character(char c) noexcept { return c > 0x20 && c < 0x7f && c != '?' && c != '#'; }

Error refused(std::string_view url, std::string_view why) {
    return {Errc::invalid_input, "'" + std::string(url) + "' is not an http or https URL: " + std::string(why)};
}

}  // namespace

Result<Origin> parse_origin(std::string_view url) {
    Origin origin;
    auto rest = url;
    if (rest.starts_with("https://")) {
        origin.tls = true;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return refused(url, "it begins with neither http:// nor https://");
    }
    const auto path = std::min(rest.find('/'), rest.size());
    origin.prefix = rest.substr(path);
    while (origin.prefix.ends_with('/')) origin.prefix.pop_back();
    if (!std::all_of(origin.prefix.begin(), origin.prefix.end(), is_prefix_character)) {
        return refused(url, "its path contains a query, a fragment or a character that must be escaped");
    }
    auto authority = rest.substr(0, path);
    const bool bracketed = authority.starts_with('[');
    const auto host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (host_end == std::string_view::npos) return refused(url, "a bracket is not closed");
    origin.host = authority.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
    const auto allowed = bracketed ? is_address6_character : is_host_character;
    if (origin.host.empty() || !std::all_of(origin.host.begin(), origin.host.end(), allowed)) {
        return refused(url, "its host is malformed");
    }
    const std::uint16_t usual_port = origin.tls ? 443 : 80;
    origin.port = usual_port;
    authority.remove_prefix(host_end + (bracketed ? 1 : 0));
    if (!authority.empty()) {
        const auto port = authority.starts_with(':') ? parse_u64(authority.substr(1)) : std::nullopt;
        if (!port || *port == 0 || *port > 65'535) return refused(url, "its port is not one of 1 to 65535");
        origin.port = static_cast<std::uint16_t>(*port);
    }
    origin.authority = bracketed ? "[" + origin.host + "]" : origin.host;
    if (origin.port != usual_port) origin.authority += ":" + std::to_string(origin.port);
    return origin;
}

}  // namespace fanion::net
