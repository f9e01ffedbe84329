#pragma once

// What trusted proxies say of the client for which they forward a request: X-Forwarded-For, -Proto
// and -Host. Other forms, such as RFC 7239's Forwarded, are not read: a proxy that does not know
// them passes on what the client wrote.
//
// Pure; immutable once made; thread-safe.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/base/error.hpp"
#include "common/net/request.hpp"

namespace fanion::net {

class TrustedProxies {
public:
    TrustedProxies() = default;  // trusts no proxy

    // Networks such as "10.0.0.0/8", and single addresses, of IPv4 and IPv6. Error: invalid_input,
    // one of them is malformed; the detail names it.
    static Result<TrustedProxies> parse(const std::vector<std::string>& networks);

    bool is_empty() const noexcept { return networks_.is_empty(); }
    bool contains(const IpAddress& address) const noexcept { return networks_.contains(address); }

private:
    NetworkSet networks_;
};

// Whether an address in text is one of `proxies`, which the function keeps.
std::function<bool(const std::string&)> contains_text(TrustedProxies proxies);

struct Forwarded {
    IpAddress client;
    std::string_view host;  // empty: the request's Host
    bool is_https = false;
};

// `proxy` is the trusted proxy that sent the request. X-Forwarded-For is read from its end, where
// each proxy appends the address that it saw: the client is the first one that is not trusted, or
// the one before an element that is not an address. What stands before that may be forged. Ports
// are ignored. Of X-Forwarded-Proto and -Host the first element counts: the outermost proxy's. The
// scheme that no proxy says is the request's, which is that of the connection.
Forwarded read_forwarded(const Request& request, const IpAddress& proxy, const TrustedProxies& proxies) noexcept;

}  // namespace fanion::net
