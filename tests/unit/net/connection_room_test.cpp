#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "limited_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using test::add_limited_routes;
using test::hello;
using test::HttpServer;
using test::HttpServerOptions;
using test::known;
using test::met;
using test::RawHttp;
using test::wait_for_connections;

// A server with room for two connections, and what it counts.
struct FullServer {
    FullServer() : server(add_limited_routes, {.limits = room_for(2)}) { server->register_metrics(registry); }

    static ServerLimits room_for(std::size_t connections) {
        ServerLimits limits;
        limits.connections = connections;
        return limits;
    }
    bool has_counted(const std::string& name, unsigned value) const {
        return registry.text().find("fanion_http_connections_" + name + "_total{server=\"test\"} " +
                                    std::to_string(value) + "\n") != std::string::npos;
    }

    HttpServer server;
    telemetry::Registry registry;
};

TEST_CASE("where all places belong to known callers, a new connection is closed at once and counted") {
    FullServer full;
    RawHttp first(full.server.port());
    RawHttp second(full.server.port());
    for (auto* client : {&first, &second}) {
        client->send(known);
        CHECK(client->receive().status == 200);
    }
    RawHttp third(full.server.port());
    CHECK(third.is_closed_by_server());
    CHECK(full.has_counted("rejected", 1));
    CHECK(full.has_counted("evicted", 0));
    for (auto* client : {&first, &second}) {
        client->send(hello);
        CHECK(client->receive().status == 200);
    }
}

TEST_CASE("a new connection takes the place of the anonymous one that has waited longest") {
    FullServer full;
    RawHttp caller(full.server.port());
    caller.send(known);
    CHECK(caller.receive().status == 200);
    RawHttp dripping(full.server.port());
    dripping.send("GET /he");
    test::eventually("both are taken", [&] { return full.has_counted("accepted", 2); });
    RawHttp served(full.server.port());
    CHECK(dripping.is_closed_by_server());
    served.send(hello);
    CHECK(served.receive().status == 200);
    RawHttp last(full.server.port());
    CHECK(served.is_closed_by_server());
    last.send(known);
    CHECK(last.receive().status == 200);
    CHECK(full.has_counted("evicted", 2));
    CHECK(full.has_counted("rejected", 0));
    caller.send(hello);
    CHECK(caller.receive().status == 200);
}

TEST_CASE("an answer begins a connection's wait anew") {
    FullServer full;
    RawHttp first(full.server.port());
    first.send(hello);
    CHECK(first.receive().status == 200);
    RawHttp second(full.server.port());
    second.send(hello);
    CHECK(second.receive().status == 200);
    first.send(hello);
    CHECK(first.receive().status == 200);
    RawHttp third(full.server.port());
    CHECK(second.is_closed_by_server());
    first.send(hello);
    CHECK(first.receive().status == 200);
}

TEST_CASE("a worker that was busy while others took connections has its share of the places") {
    std::promise<void> release;
    const auto released = release.get_future().share();
    HttpServer server(add_limited_routes, {.limits = FullServer::room_for(8), .workers = 2});
    telemetry::Registry registry;
    server->register_metrics(registry);
    boost::asio::post(server.workers().context(1), [released] { released.wait_for(std::chrono::seconds(30)); });
    std::vector<std::unique_ptr<RawHttp>> silent;
    for (int i = 0; i < 64; ++i) silent.push_back(std::make_unique<RawHttp>(server.port()));
    test::eventually("the other worker is full", [&] {
        return registry.text().find("fanion_http_connections_evicted_total{server=\"test\"} 0\n") == std::string::npos;
    });
    release.set_value();
    for (int i = 0; i < 20; ++i) {
        RawHttp client(server.port());
        client.send(hello);
        CHECK(client.receive().status == 200);
    }
}

TEST_CASE("a thousand silent connections do not keep anybody out") {
    HttpServer server(add_limited_routes, {.limits = FullServer::room_for(20), .workers = 2});
    std::vector<std::unique_ptr<RawHttp>> silent;
    for (int i = 0; i < 1000; ++i) {
        silent.push_back(std::make_unique<RawHttp>(server.port()));
        if (silent.size() > 100) silent.erase(silent.begin());
    }
    RawHttp client(server.port());
    client.send(known);
    CHECK(client.receive().status == 200);
    CHECK(server->connections() <= 20);
}

ServerLimits of_one_address(std::size_t connections) {
    ServerLimits limits;
    limits.connections_per_address = connections;
    return limits;
}

TEST_CASE("a stranger beyond those of an address takes the place of the one that has waited longest") {
    HttpServer server(add_limited_routes, {.limits = of_one_address(2)});
    RawHttp caller(server.port());
    caller.send(known);
    CHECK(caller.receive().status == 200);
    RawHttp dripping(server.port());
    dripping.send("GET /he");
    wait_for_connections(server, 2);
    RawHttp silent(server.port());
    wait_for_connections(server, 3);
    CHECK(met(server, "connections_per_address") == 0);
    RawHttp last(server.port());
    CHECK(dripping.is_closed_by_server());
    CHECK(met(server, "connections_per_address") == 1);
    for (auto* client : {&last, &silent, &caller}) {
        client->send(hello);
        CHECK(client->receive().status == 200);
    }
}

TEST_CASE("connections of known callers are not counted for their address") {
    HttpServer server(add_limited_routes, {.limits = of_one_address(1)});
    std::vector<std::unique_ptr<RawHttp>> callers;
    for (int i = 0; i < 20; ++i) {
        callers.push_back(std::make_unique<RawHttp>(server.port()));
        callers.back()->send(known);
        CHECK(callers.back()->receive().status == 200);
    }
    for (auto& client : callers) {
        client->send(hello);
        CHECK(client->receive().status == 200);
    }
    CHECK(met(server, "connections_per_address") == 0);
}

TEST_CASE("a trusted proxy and, where the bound is 0, any address may open as many as it likes") {
    HttpServerOptions proxied{.limits = of_one_address(1)};
    proxied.trusted_proxies = TrustedProxies::parse({"127.0.0.1"}).value();
    for (auto& options : {proxied, HttpServerOptions{.limits = of_one_address(0)}}) {
        HttpServer server(add_limited_routes, options);
        std::vector<std::unique_ptr<RawHttp>> silent;
        for (int i = 0; i < 5; ++i) silent.push_back(std::make_unique<RawHttp>(server.port()));
        wait_for_connections(server, 5);
        CHECK(met(server, "connections_per_address") == 0);
    }
}

TEST_CASE("a stranger whose request took a handler waits as others do while the next one drips") {
    for (const std::string_view next : {"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "GET /he"}) {
        CAPTURE(next);
        HttpServer server(add_limited_routes, {.limits = of_one_address(1)});
        RawHttp dripping(server.port());
        dripping.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(next));
        CHECK(dripping.receive().status == 200);
        RawHttp last(server.port());
        CHECK(dripping.is_closed_by_server());
        last.send(hello);
        CHECK(last.receive().status == 200);
        CHECK(met(server, "connections_per_address") == 1);
    }
}

}  // namespace
