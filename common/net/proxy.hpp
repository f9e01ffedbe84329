#pragma once

// Which proxy a client's https connections go through: HTTPS_PROXY and NO_PROXY as curl and others
// read them. Pure; immutable once made; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/base/error.hpp"
#include "common/net/origin.hpp"

namespace fanion::net {

struct Proxy {
    bool tls = false;  // of the connection to the proxy itself
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 0;
    std::string name;         // "proxy.example:3128", for messages
    std::string credentials;  // a secret: the value of Proxy-Authorization; may be empty
};

class ProxySettings {
public:
    ProxySettings() = default;  // no proxy

    // `https_proxy`: "http://[user:password@]host[:port]", also without the scheme, or https for
    // TLS to the proxy, with percent escapes in user and password; empty: no proxy.
    // `no_proxy`: what is reached directly, separated by commas: names, which stand for the names
    // below them too, with or without a leading dot, addresses, networks, or "*"; a name or an
    // address may have a port. Error: invalid_input; the detail has no credentials.
    static Result<ProxySettings> parse(std::string_view https_proxy, std::string_view no_proxy);

    // Null: directly. Only https goes through the proxy.
    const Proxy* proxy_for(const Origin& origin) const noexcept;

private:
    struct Exception {
        std::string name;        // in lower case, without a leading dot
        std::uint64_t port = 0;  // 0: any
    };
    bool is_exception(const Origin& origin) const noexcept;

    std::optional<Proxy> proxy_;
    std::vector<Exception> names_;
    NetworkSet networks_;
    bool all_direct_ = false;
};

// The request with which a client asks `proxy` for a tunnel to `origin`.
std::string connect_request(const Proxy& proxy, const Origin& origin);

}  // namespace fanion::net
