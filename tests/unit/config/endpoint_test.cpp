#include "common/config/endpoint.hpp"

#include <catch2/catch.hpp>

using namespace fanion::config;

TEST_CASE("an endpoint is an address and a port, or the path of a socket") {
    CHECK(parse_endpoint("unix:/run/x.sock")->path == "/run/x.sock");
    CHECK(parse_endpoint("0.0.0.0:80")->port == 80);
    CHECK(parse_endpoint("[::1]:8081")->address == "::1");
    for (const auto* text : {"", "80", ":80", "localhost:80", "::1:80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "[127.0.0.1]:80", "unix:x", "unix:"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_endpoint(text));
    }
}

TEST_CASE("an endpoint is written as it is read") {
    for (const auto* text : {"127.0.0.1:8080", "[::1]:8081", "0.0.0.0:0", "unix:/run/x.sock"}) {
        const auto endpoint = parse_endpoint(text);
        REQUIRE(endpoint);
        CHECK(to_string(*endpoint) == text);
    }
}
