#include "common/net/forwarded.hpp"

#include <catch2/catch.hpp>

#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;

using Headers = std::vector<std::pair<std::string, std::string>>;

TrustedProxies trusted(const std::vector<std::string>& networks) {
    auto proxies = TrustedProxies::parse(networks);
    REQUIRE(proxies);
    return std::move(*proxies);
}

// Scheme, host and client, as a handler sees them, of a request from 10.0.0.1.
std::string seen(const Headers& headers, const std::vector<std::string>& networks) {
    Request request;
    RequestBuilder::clear(request);
    for (const auto& [name, value] : headers) RequestBuilder::add_header(request, name, value);
    RequestBuilder::set_forwarded(request, read_forwarded(request, *parse_ip("10.0.0.1"), trusted(networks)));
    return (request.is_https() ? "https://" : "http://") + std::string(request.host()) + ' ' +
           std::string(request.peer);
}

std::string client(const Headers& headers, const std::vector<std::string>& networks = {"10.0.0.0/8", "fd00::/8"}) {
    const auto all = seen(headers, networks);
    return all.substr(all.find(' ') + 1);
}

TEST_CASE("the client is the last address that is not a trusted proxy's") {
    CHECK(client({}) == "10.0.0.1");
    CHECK(client({{"X-Forwarded-For", "192.0.2.7"}}) == "192.0.2.7");
    CHECK(client({{"x-forwarded-for", "198.51.100.1, 192.0.2.7 ,10.1.1.1"}}) == "192.0.2.7");
    CHECK(client({{"X-Forwarded-For", "198.51.100.1"}, {"X-Other", "z"}, {"X-Forwarded-For", "10.1.1.1,fd00::5"}}) ==
          "198.51.100.1");
    CHECK(client({{"X-Forwarded-For", "10.2.2.2, 10.1.1.1"}}) == "10.2.2.2");
    CHECK(client({{"X-Forwarded-For", "192.0.2.7, 10.1.1.1"}}, {"10.0.0.1"}) == "10.1.1.1");
}

TEST_CASE("the search for the client ends where no address stands") {
    for (const auto* nothing :
         {"", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "[::1", "[::1]x", "host:80", "\"1.2.3.4\""}) {
        CAPTURE(nothing);
        CHECK(client({{"X-Forwarded-For", nothing}}) == "10.0.0.1");
        CHECK(client({{"X-Forwarded-For", "192.0.2.7," + std::string(nothing) + ",10.1.1.1"}}) == "10.1.1.1");
    }
}

TEST_CASE("addresses are taken in every form that proxies write, and are canonical afterwards") {
    const std::pair<const char*, const char*> rows[] = {
        {"192.0.2.7:4711", "192.0.2.7"},      {"2001:DB8:0:0::7", "2001:db8::7"}, {"[2001:db8::7]", "2001:db8::7"},
        {"[2001:db8::7]:443", "2001:db8::7"}, {"::ffff:192.0.2.7", "192.0.2.7"},  {"::1", "::1"},
    };
    for (const auto& [given, expected] : rows) CHECK(client({{"X-Forwarded-For", given}}) == expected);
}

TEST_CASE("scheme and host are the outermost proxy's") {
    CHECK(seen({{"Host", "in"}}, {}) == "http://in 10.0.0.1");
    for (const auto* https : {"https", "HTTPS", "https,http", " Https , http"}) {
        CHECK(seen({{"Host", "in"}, {"X-Forwarded-Proto", https}}, {}) == "https://in 10.0.0.1");
    }
    for (const auto* http : {"http", "http,https", "", "httpsx", "wss"}) {
        CHECK(seen({{"Host", "in"}, {"X-Forwarded-Proto", http}}, {}) == "http://in 10.0.0.1");
    }
    CHECK(seen({{"Host", "in"}, {"X-Forwarded-Host", "out:81 , in"}}, {}) == "http://out:81 10.0.0.1");
    CHECK(seen({{"Host", "in"}, {"X-Forwarded-Host", ""}}, {}) == "http://in 10.0.0.1");
}

TEST_CASE("where the proxy does not say the scheme, it is that of its connection") {
    const auto is_https = [](const Headers& headers) {
        Request request;
        RequestBuilder::clear(request);
        RequestBuilder::set_https(request, true);
        for (const auto& [name, value] : headers) RequestBuilder::add_header(request, name, value);
        RequestBuilder::set_forwarded(request, read_forwarded(request, *parse_ip("10.0.0.1"), trusted({})));
        return request.is_https();
    };
    CHECK(is_https({}));
    CHECK(is_https({{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", ""}}));
    CHECK_FALSE(is_https({{"X-Forwarded-Proto", "http"}}));
}

TEST_CASE("a network that is none is an error that names it") {
    for (const auto* wrong : {"", "here", "10.0.0.0/33", "10.0.0.0/8/8", "::1/129", "10.0.0"}) {
        const auto proxies = TrustedProxies::parse({"10.0.0.0/8", wrong});
        REQUIRE_FALSE(proxies);
        CHECK(proxies.error().detail.starts_with("'" + std::string(wrong) + "' is not an address or a network"));
    }
    CHECK(trusted({}).is_empty());
    CHECK(trusted({" ::1 ", "192.0.2.1"}).contains(*parse_ip("::1")));
}

TEST_CASE("only a trusted proxy is believed, for every request of its connection") {
    const auto add_routes = [](Router& router) {
        router.sync(Method::get, "/who", [](Request& request, Response& response) {
            response.body =
                std::string(request.peer) + ' ' + std::string(request.host()) + (request.is_https() ? " s" : "");
        });
    };
    const std::string plain = "GET /who HTTP/1.1\r\nHost: in\r\n\r\n";
    const std::string forwarded =
        "GET /who HTTP/1.1\r\nHost: in\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
        "X-Forwarded-Host: out\r\n\r\n";
    for (const bool is_trusted : {false, true}) {
        const auto proxies = trusted({is_trusted ? "127.0.0.0/8" : "10.0.0.0/8"});
        test::HttpServer server(add_routes, {.trusted_proxies = proxies});
        test::RawHttp peer(server.port());
        for (int i = 0; i < 2; ++i) {
            peer.send(forwarded);
            CHECK(peer.receive().body == (is_trusted ? "192.0.2.7 out s" : "127.0.0.1 in"));
            peer.send(plain);
            CHECK(peer.receive().body == "127.0.0.1 in");
        }
    }
}

}  // namespace
