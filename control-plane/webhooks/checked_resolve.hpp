#pragma once

// Looks up the host of a webhook and leaves only the addresses that the policy allows. A client
// connects to what this returns, without looking up again: a name that has another address the
// second time gains nothing.

#include "common/net/resolve.hpp"
#include "control-plane/webhooks/address_policy.hpp"

namespace fanion::cp::webhooks {

// Errors of the result: forbidden, none of the addresses is allowed; those of `lookup`. `policy`
// must outlive it.
net::Resolve checked_resolve(const AddressPolicy& policy, net::Resolve lookup = net::resolve);

// The endpoint's address, IPv4-mapped ones as such.
IpAddress address_of(const boost::asio::ip::tcp::endpoint& endpoint) noexcept;

}  // namespace fanion::cp::webhooks
