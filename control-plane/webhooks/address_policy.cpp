#include "control-plane/webhooks/address_policy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <optional>

#include "common/base/text.hpp"

namespace fanion::cp::webhooks {
namespace {

NetworkSet network_set(std::initializer_list<std::string_view> networks) {
    NetworkSet set;
    for (const auto network : networks) set.add(network);
    set.seal();
    return set;
}

const NetworkSet& refused_networks() {
    static const auto set = network_set({
        // IPv4 (IANA IPv4 Special-Purpose Address Registry), and multicast
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        // IPv6 outside the global unicast range 2000::/3, and the special blocks inside it. What holds an
        // IPv4 address is decided by that.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",
        "2001:db8::/32",
        "2620:4f:8000::/48",
        "3fff::/20",
    });
    return set;
}

// Prefixes whose addresses stand for the IPv4 address that they hold at `offset`.
struct Embedding {
    std::array<std::uint8_t, 12> prefix;
    std::size_t prefix_bytes;
    std::size_t offset;
};
constexpr Embedding embeddings[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 12, 12},  // ::ffff:0:0/96, mapped, RFC 4291
    {{0, 0x64, 0xFF, 0x9B}, 12, 12},                       // 64:ff9b::/96, NAT64, RFC 6052
    {{0x20, 0x02}, 2, 2},                                  // 2002::/16, 6to4, RFC 3056
    {{}, 12, 12},                                          // ::/96, IPv4-compatible, RFC 4291 (deprecated)
};

// From its four bytes in network order.
IpAddress v4_address(const void* bytes) noexcept {
    IpAddress address;
    address.is_v4 = true;
    address.bytes[10] = address.bytes[11] = 0xFF;
    std::memcpy(address.bytes.data() + 12, bytes, 4);
    return address;
}

std::optional<IpAddress> embedded_v4(const IpAddress& address) noexcept {
    if (address.is_v4) return std::nullopt;
    const auto* bytes = address.bytes.data();
    for (const auto& embedding : embeddings) {
        if (!std::equal(bytes, bytes + embedding.prefix_bytes, embedding.prefix.begin())) continue;
        return v4_address(bytes + embedding.offset);
    }
    return std::nullopt;
}

// RFC 6761, section 6.3: the name and all names below it.
bool is_localhost(std::string_view host) {
    auto name = to_lower_ascii(host);
    if (name.ends_with('.')) name.pop_back();
    return name == "localhost" || name.ends_with(".localhost");
}

}  // namespace

Result<AddressPolicy> AddressPolicy::make(const std::vector<std::string>& opened) {
    AddressPolicy policy;
    for (const auto& network : opened) {
        if (policy.opened_.add(network)) continue;
        return Error{Errc::invalid_input, "'" + network + "' is not an address or network", {}};
    }
    policy.opened_.seal();
    return policy;
}

bool AddressPolicy::allows_host(const std::string& host) const {
    if (is_localhost(host)) return allows(*parse_ip("127.0.0.1")) || allows(*parse_ip("::1"));
    if (const auto address = parse_ip(host)) return allows(*address);
    in_addr spelled{};
    return inet_aton(host.c_str(), &spelled) == 0 || allows(v4_address(&spelled));
}

bool AddressPolicy::allows(const IpAddress& address) const noexcept {
    if (opened_.contains(address)) return true;
    if (const auto inner = embedded_v4(address)) return allows(*inner);
    return !refused_networks().contains(address);
}

}  // namespace fanion::cp::webhooks
