#include "common/net/origin.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

namespace {

using fanion::net::parse_origin;

TEST_CASE("an origin is taken apart") {
    struct Case {
        std::string_view url;
        bool tls;
        std::string_view host;
        unsigned port;
        std::string_view prefix, authority;
    };
    const Case cases[] = {
        {"http://127.0.0.1:8081", false, "127.0.0.1", 8081, "", "127.0.0.1:8081"},
        {"https://control.example:443", true, "control.example", 443, "", "control.example"},
        {"https://control.example/", true, "control.example", 443, "", "control.example"},
        {"http://h", false, "h", 80, "", "h"},
        {"http://h:443/a/b/", false, "h", 443, "/a/b", "h:443"},
        {"https://[::1]:8443/x", true, "::1", 8443, "/x", "[::1]:8443"},
        {"http://[::1]", false, "::1", 80, "", "[::1]"},
    };
    for (const auto& expected : cases) {
        CAPTURE(expected.url);
        const auto origin = parse_origin(expected.url);
        REQUIRE(origin);
        CHECK(origin->tls == expected.tls);
        CHECK(origin->host == expected.host);
        CHECK(origin->port == expected.port);
        CHECK(origin->prefix == expected.prefix);
        CHECK(origin->authority == expected.authority);
    }
}

TEST_CASE("what is not a valid http or https URL is refused, and the error quotes it") {
    for (const std::string url :
         {"", "h", "ftp://h", "http://", "http://:80", "http://h:", "http://h:0", "http://h:65536", "http://h:8x",
          "http://user@h", "http://h h", "http://[::1", "http://[h]", "http://[::1]x", "http://h/a?b", "http://h/a#b",
          "http://h/a b", "http://h?x"}) {
        CAPTURE(url);
        const auto origin = parse_origin(url);
        REQUIRE_FALSE(origin);
        CHECK(origin.error().code == fanion::Errc::invalid_input);
        CHECK(origin.error().detail.find("'" + url + "'") != std::string::npos);
    }
}

}  // namespace
