#pragma once

// Looks up the host of a webhook and leaves only the addresses that the policy allows. A client
// connects to what this returns, without looking up again: a name that has another address the
// second time gains nothing.

#include "common/net/http_client.hpp"
#include "common/net/resolve.hpp"
#include "control-plane/webhooks/address_policy.hpp"

namespace fanion::cp::webhooks {

// Errors of the result: forbidden, none of the addresses is allowed; those of `lookup`. `policy`
// must outlive it.
net::Resolve checked_resolve(const AddressPolicy& policy, net::Resolve lookup = net::resolve);

// How a client whose origin stands in `settings` reaches it: directly, with checked_resolve(), or
// through the proxy that `proxies` names for it. A proxy looks up names itself, so what it connects
// to is not checked here; a host that is itself an address or localhost is, and goes to no proxy
// when it is refused. `policy` must outlive the client.
void reach_by(net::ClientConfig& settings, const AddressPolicy& policy, const net::Resolve& lookup,
              const net::ProxySettings& proxies);

// The endpoint's address, IPv4-mapped ones as such.
IpAddress address_of(const boost::asio::ip::tcp::endpoint& endpoint) noexcept;

}  // namespace fanion::cp::webhooks
