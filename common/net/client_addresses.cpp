#include "common/net/client_addresses.hpp"

#include <algorithm>

#include "common/net/connection.hpp"

namespace fanion::net {
namespace {

constexpr std::size_t network_bytes_of_v6 = 8;

}  // namespace

ClientAddresses::Entry::Entry() = default;
ClientAddresses::Entry::~Entry() = default;

ClientAddresses::ClientAddresses() = default;
ClientAddresses::~ClientAddresses() = default;

ClientAddresses::Entry& ClientAddresses::enter(const IpAddress& address) {
    auto network = address.bytes;
    if (!address.is_v4) std::fill(network.begin() + network_bytes_of_v6, network.end(), std::uint8_t{0});
    auto& entry = entries_[network];
    entry.network = network;
    ++entry.connections;
    return entry;
}

void ClientAddresses::leave(Entry& entry) noexcept {
    if (--entry.connections == 0) entries_.erase(entry.network);
}

}  // namespace fanion::net
