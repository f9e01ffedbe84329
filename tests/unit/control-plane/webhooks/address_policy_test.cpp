#include "control-plane/webhooks/address_policy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::webhooks::AddressPolicy;

namespace {

bool allowed(std::string_view address, const std::vector<std::string>& opened = {}) {
    const auto parsed = parse_ip(address);
    REQUIRE(parsed);
    return AddressPolicy::make(opened).value().allows(*parsed);
}

}  // namespace

TEST_CASE("addresses of the internet are allowed") {
    for (const auto* address : {"1.1.1.1",         "8.8.8.8",
                                "9.255.255.255",   "11.0.0.0",
                                "100.63.255.255",  "100.128.0.0",
                                "126.255.255.255", "128.0.0.1",
                                "169.253.255.255", "169.255.0.0",
                                "172.15.255.255",  "172.32.0.0",
                                "192.167.255.255", "192.169.0.0",
                                "198.17.255.255",  "198.20.0.0",
                                "223.255.255.255", "2606:4700:4700::1111",
                                "2a00:1450::1",    "2001:4860:4860::8888",
                                "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
                                "2002:808:808::1"}) {
        CAPTURE(address);
        CHECK(allowed(address));
    }
}

TEST_CASE("a host that is an address is decided by it in every spelling, and so is localhost") {
    const AddressPolicy closed;
    for (const auto* host :
         {"10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433",
          "0x7f000001", "0", "localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.LocalHost."}) {
        CAPTURE(host);
        CHECK_FALSE(closed.allows_host(host));
    }
    for (const auto* host : {"1.1.1.1", "16843009", "2606:4700:4700::1111", "example.com", "localhost.example",
                             "notlocalhost", "10.0.0.1.example", "127.0.0.1.", "intranet", ""}) {
        CAPTURE(host);
        CHECK(closed.allows_host(host));
    }
    const auto opened = AddressPolicy::make({"127.0.0.1", "10.0.0.0/8"}).value();
    for (const auto* host : {"127.0.0.1", "127.1", "localhost", "a.localhost", "10.255.0.1", "::ffff:10.0.0.1"}) {
        CAPTURE(host);
        CHECK(opened.allows_host(host));
    }
    for (const auto* host : {"127.0.0.2", "::1", "192.168.0.1"}) {
        CAPTURE(host);
        CHECK_FALSE(opened.allows_host(host));
    }
    CHECK(AddressPolicy::make({"::1"}).value().allows_host("localhost"));
}

TEST_CASE("every other range is refused, at both of its ends") {
    for (const auto* address : {"0.0.0.0",
                                "0.255.255.255",
                                "10.0.0.0",
                                "10.255.255.255",
                                "100.64.0.0",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.255",
                                "169.254.0.0",
                                "169.254.169.254",
                                "172.16.0.0",
                                "172.31.255.255",
                                "192.0.0.1",
                                "192.0.2.1",
                                "192.88.99.1",
                                "192.168.0.0",
                                "192.168.255.255",
                                "198.18.0.0",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.7",
                                "224.0.0.1",
                                "239.255.255.255",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fc00::1",
                                "fdff::1",
                                "fe80::1",
                                "febf::1",
                                "fec0::1",
                                "ff02::1",
                                "100::1",
                                "2001::1",
                                "2001:1ff::1",
                                "2001:db8::1",
                                "3fff::1",
                                "3fff:fff:ffff::1",
                                "4000::1",
                                "5f00::1",
                                "64:ff9b:1::8.8.8.8",
                                "fd00:ec2::254"}) {
        CAPTURE(address);
        CHECK_FALSE(allowed(address));
    }
}

TEST_CASE("an IPv6 address that stands for a private IPv4 address is refused like it") {
    for (const auto* address : {"::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
                                "::10.1.2.3", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254",
                                "2002:a00:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2002:a9fe:a9fe::1"}) {
        CAPTURE(address);
        CHECK_FALSE(allowed(address));
    }
}

TEST_CASE("the operator opens networks, in whatever form their addresses come") {
    const std::vector<std::string> opened{"10.1.0.0/16", "fd12::/16", "127.0.0.1"};
    for (const auto* address :
         {"10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1", "fd12::5", "127.0.0.1"}) {
        CAPTURE(address);
        CHECK(allowed(address, opened));
    }
    for (const auto* address : {"10.2.0.1", "::ffff:10.2.0.1", "127.0.0.2", "fd13::1", "::1"}) {
        CAPTURE(address);
        CHECK_FALSE(allowed(address, opened));
    }
}

TEST_CASE("a malformed network is named") {
    const auto made = AddressPolicy::make({"10.0.0.0/8", "10.0.0.0/33"});
    REQUIRE_FALSE(made);
    CHECK(made.error().detail.find("10.0.0.0/33") != std::string::npos);
}
