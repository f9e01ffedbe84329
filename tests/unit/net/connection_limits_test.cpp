#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using std::chrono::milliseconds;
using test::HttpServer;
using test::HttpServerOptions;
using test::RawHttp;

void add_limited_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
    router.sync(Method::get, "/known", [](Request& request, Response&) { request.has_known_caller = true; });
    router.sync(Method::post, "/echo", [](Request& request, Response& response) { response.body = request.body; });
    router.sync(Method::get, "/large", [](Request&, Response& response) { response.body.assign(50'000'000, 'x'); });
}

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

// All but one limit are far away, so that it is the one that is reached, however slow the machine.
ServerLimits quick(milliseconds ServerLimits::*limit) {
    ServerLimits limits;
    limits.header_timeout = limits.body_timeout = limits.idle_timeout = limits.write_timeout = std::chrono::hours(1);
    limits.linger_timeout = std::chrono::hours(1);
    limits.*limit = milliseconds(100);
    return limits;
}

// A connection that was served, though on a slow machine an impatient server may close one before its request has come.
std::unique_ptr<RawHttp> served_connection(HttpServer& server, std::string_view request) {
    for (;;) {
        auto client = std::make_unique<RawHttp>(server.port());
        try {
            client->send(request);
            if (client->receive().status == 200) return client;
        } catch (const std::exception&) {
            continue;
        }
    }
}

// The server counts after the peer could have noticed.
void wait_for_connections(HttpServer& server, std::size_t count) {
    const auto what = std::to_string(count) + " connections are left";
    test::eventually(what, [&] { return server->connections() == count; });
}

void check_refusal(const test::RawAnswer& answer, unsigned status, std::string_view detail) {
    CHECK(answer.status == status);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.body.find(detail) != std::string::npos);
}

TEST_CASE("headers that do not come in time are told so, however steadily they drip") {
    HttpServer server(add_limited_routes, {.limits = quick(&ServerLimits::header_timeout)});
    RawHttp client(server.port());
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    check_refusal(client.receive(), 408, "the request's headers did not arrive in time");
    CHECK(client.is_closed_by_server());
}

TEST_CASE("a body that does not come in time is told so") {
    HttpServer server(add_limited_routes, {.limits = quick(&ServerLimits::body_timeout)});
    RawHttp client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    check_refusal(client.receive(), 408, "the request's body did not arrive in time");
    CHECK(client.is_closed_by_server());
}

TEST_CASE("an idle connection is closed without a word") {
    HttpServer server(add_limited_routes, {.limits = quick(&ServerLimits::idle_timeout)});
    RawHttp silent(server.port());
    const auto served = served_connection(server, hello);
    CHECK(silent.is_closed_by_server());
    CHECK(served->is_closed_by_server());
    wait_for_connections(server, 0);
}

TEST_CASE("empty lines do not prolong the idle time") {
    HttpServer server(add_limited_routes, {.limits = quick(&ServerLimits::idle_timeout)});
    const std::string_view pieces[] = {"\r\n", "\r", "\n"};
    RawHttp client(server.port());
    std::size_t sent = 0;
    test::eventually("the server closes the connection", [&] {
        try {
            client.send(pieces[sent++ % std::size(pieces)]);
        } catch (const std::exception&) {  // closed
        }
        return server->connections() == 0 && sent > 1;
    });
    CHECK(client.is_closed_by_server());
}

TEST_CASE("an idle time begins with each answer") {
    auto limits = quick(&ServerLimits::idle_timeout);
    limits.idle_timeout = std::chrono::seconds(2);
    HttpServer server(add_limited_routes, {.limits = limits});
    RawHttp client(server.port());
    const auto end = std::chrono::steady_clock::now() + limits.idle_timeout * 3 / 2;
    test::eventually("a busy connection outlives the idle time", [&] {
        client.send(hello);
        return client.receive().status == 200 && std::chrono::steady_clock::now() > end;
    });
}

TEST_CASE("a reader that takes nothing is cut") {
    HttpServer server(add_limited_routes, {.limits = quick(&ServerLimits::write_timeout)});
    telemetry::Registry registry;
    server->register_metrics(registry);
    RawHttp client(server.port());
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    test::eventually("the connection was taken", [&] {
        return registry.text().find("fanion_http_connections_accepted_total{server=\"test\"} 1\n") != std::string::npos;
    });
    wait_for_connections(server, 0);
    CHECK(client.receive_all().size() < 50'000'000);
}

TEST_CASE("what is too large is refused, and the answer is not lost to the bytes still coming") {
    ServerLimits limits;
    limits.body_bytes = 1000;
    limits.linger_timeout = std::chrono::hours(1);
    HttpServer server(add_limited_routes, {.limits = limits});
    const std::string junk(2'000'000, 'x');
    const auto answer_to = [&](const std::string& request) {
        RawHttp client(server.port());
        client.send(request);
        return client.receive();
    };
    check_refusal(answer_to("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n" + junk), 413,
                  "the request's body is too large");
    check_refusal(answer_to("GET /" + junk), 414, "the request target is too long");
    check_refusal(answer_to("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + junk), 431,
                  "the request's headers are too large");
    check_refusal(
        answer_to("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + junk),
        400, "both Transfer-Encoding and Content-Length are given");
}

TEST_CASE("what came before a bad request is still answered") {
    HttpServer server(add_limited_routes);
    RawHttp client(server.port());
    client.send(std::string(hello) + "nonsense\r\n\r\n");
    CHECK(client.receive().body == "hello");
    check_refusal(client.receive(), 400, "malformed");
    CHECK(client.is_closed_by_server());
}

constexpr std::string_view known = "GET /known HTTP/1.1\r\nHost: h\r\n\r\n";

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

// How often a bound of the server was met.
unsigned met(HttpServer& server, const std::string& bound) {
    telemetry::Registry registry;
    server->register_metrics(registry);
    const auto text = registry.text();
    const auto series = "fanion_http_bounds_met_total{server=\"test\",bound=\"" + bound + "\"} ";
    const auto at = text.find(series);
    REQUIRE(at != std::string::npos);
    return static_cast<unsigned>(std::stoul(text.substr(at + series.size())));
}

TEST_CASE("what meets a bound is counted by its name") {
    ServerLimits limits;
    limits.body_bytes = 1000;
    HttpServer server(add_limited_routes, {.limits = limits});
    const auto ask = [&](const std::string& request) {
        RawHttp client(server.port());
        client.send(request);
        return client.receive().status;
    };
    std::string headers;
    for (int i = 0; i < 100; ++i) headers += "A: b\r\n";
    CHECK(ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n") == 413);
    CHECK(ask("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n") == 414);
    CHECK(ask("GET / HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n") == 431);
    CHECK(ask("GET / HTTP/1.1\nHost: h\n\n") == 400);
    for (const auto* bound : {"body_bytes", "target_bytes", "headers", "syntax"}) CHECK(met(server, bound) == 1);
}

TEST_CASE("a deadline that is met is counted by its name") {
    const std::pair<milliseconds ServerLimits::*, std::pair<const char*, const char*>> rows[] = {
        {&ServerLimits::header_timeout, {"header_time", "GET /he"}},
        {&ServerLimits::body_timeout, {"body_time", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"}},
        {&ServerLimits::idle_timeout, {"idle_time", ""}},
        {&ServerLimits::write_timeout, {"write_time", "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"}},
    };
    for (const auto& [limit, row] : rows) {
        const auto& [bound, sent] = row;
        CAPTURE(bound);
        HttpServer server(add_limited_routes, {.limits = quick(limit)});
        RawHttp client(server.port());
        client.send(sent);
        test::eventually("it is counted", [&, name = bound] { return met(server, name) == 1; });
    }
}

TEST_CASE("a body that finds no room beside the others is refused with 503") {
    ServerLimits limits;
    limits.bodies_bytes = 0;
    HttpServer server(add_limited_routes, {.limits = limits});
    const auto post = [&](std::size_t size, std::size_t sent) {
        RawHttp client(server.port());
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                    std::string(sent, 'x'));
        return client.receive();
    };
    const auto refused = post(300'000, 200'000);
    check_refusal(refused, 503, "too many large bodies are being received");
    CHECK(refused.header("Retry-After") == "1");
    CHECK(met(server, "bodies_bytes") == 1);
    CHECK(post(65'536, 65'536).status == 200);
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

}  // namespace
