#pragma once

// A server whose limits are tested: its routes, requests for them, and what it counts.

#include <boost/asio/awaitable.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"

namespace fanion::test {

inline constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
inline constexpr std::string_view known = "GET /known HTTP/1.1\r\nHost: h\r\n\r\n";

inline void add_limited_routes(net::Router& router) {
    router.sync(net::Method::get, "/hello", [](net::Request&, net::Response& response) { response.body = "hello"; });
    router.sync(net::Method::get, "/known",
                [](net::Request& request, net::Response&) { request.has_known_caller = true; });
    router.sync(net::Method::post, "/echo",
                [](net::Request& request, net::Response& response) { response.body = request.body; });
    router.async(net::Method::get, "/later",
                 [](net::Request&) -> boost::asio::awaitable<net::Response> { co_return net::json_response("{}"); });
    router.sync(net::Method::get, "/large",
                [](net::Request&, net::Response& response) { response.body.assign(50'000'000, 'x'); });
}

// The server counts after the peer could have noticed.
inline void wait_for_connections(HttpServer& server, std::size_t count) {
    const auto what = std::to_string(count) + " connections are left";
    eventually(what, [&] { return server->connections() == count; });
}

// How often a bound of the server was met.
inline unsigned met(HttpServer& server, const std::string& bound) {
    telemetry::Registry registry;
    server->register_metrics(registry);
    const auto text = registry.text();
    const auto series = "fanion_http_bounds_met_total{server=\"test\",bound=\"" + bound + "\"} ";
    const auto at = text.find(series);
    REQUIRE(at != std::string::npos);
    return static_cast<unsigned>(std::stoul(text.substr(at + series.size())));
}

}  // namespace fanion::test
