#pragma once

// To which addresses webhooks may be delivered: to those of the internet, and to networks that the
// operator opened. Everything else is refused: private, loopback, link-local, shared, multicast,
// documentation and reserved ranges of IPv4 and IPv6 (the registries of special-purpose addresses,
// RFC 6890), also where an IPv6 address stands for such an IPv4 address: mapped, compatible, NAT64
// and 6to4. Immutable; thread-safe. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/base/error.hpp"

namespace fanion::cp::webhooks {

class AddressPolicy {
public:
    AddressPolicy() = default;  // opens nothing
    // `opened`: addresses and networks. Error: invalid_input, one is malformed.
    static Result<AddressPolicy> make(const std::vector<std::string>& opened);

    bool allows(const IpAddress& address) const noexcept;
    // Of the host of a URL, before it is looked up: false for an address that is not allowed, in
    // any spelling that resolvers take ("127.1", "0x7f000001"), and for localhost unless a loopback
    // address is allowed. Other names are decided by their addresses.
    bool allows_host(const std::string& host) const;

private:
    NetworkSet opened_;
};

}  // namespace fanion::cp::webhooks
