#include "common/net/client_addresses.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace fanion;
using namespace fanion::net;

const ClientAddresses::Entry* enter(ClientAddresses& addresses, const char* text) {
    return &addresses.enter(parse_ip(text).value());
}

TEST_CASE("an IPv4 address is one client, and so are the addresses of a network of 64 bits") {
    ClientAddresses addresses;
    CHECK(enter(addresses, "192.0.2.1") == enter(addresses, "192.0.2.1"));
    CHECK(enter(addresses, "192.0.2.1") != enter(addresses, "192.0.2.2"));
    CHECK(enter(addresses, "2001:db8:0:1::1") == enter(addresses, "2001:db8:0:1:ffff::2"));
    CHECK(enter(addresses, "2001:db8:0:1::1") != enter(addresses, "2001:db8:0:2::1"));
}

TEST_CASE("an address is forgotten with its last connection") {
    ClientAddresses addresses;
    auto& entry = addresses.enter(parse_ip("192.0.2.1").value());
    entry.waiting = 7;
    addresses.enter(parse_ip("192.0.2.1").value());
    addresses.leave(entry);
    CHECK(enter(addresses, "192.0.2.1")->waiting == 7);
    addresses.leave(entry);
    addresses.leave(entry);
    CHECK(enter(addresses, "192.0.2.1")->waiting == 0);
}

}  // namespace
