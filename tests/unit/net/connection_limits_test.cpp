#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "limited_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using std::chrono::milliseconds;
using test::add_limited_routes;
using test::hello;
using test::HttpServer;
using test::met;
using test::RawHttp;
using test::wait_for_connections;

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
                  "the request's body is larger than 1000 bytes");
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

std::string post_of(std::size_t size) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

// Room for one body of this size.
ServerLimits room_for_body(std::size_t bytes) {
    ServerLimits limits;
    limits.body_bytes = bytes;
    limits.bodies_bytes = 0;
    limits.linger_timeout = std::chrono::hours(1);
    return limits;
}

TEST_CASE("a body that finds no room beside the others is refused with 503") {
    HttpServer server(add_limited_routes, {.limits = room_for_body(300'000)});
    std::vector<std::unique_ptr<RawHttp>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<RawHttp>(server.port()));
        clients.back()->send(post_of(300'000) + std::string(299'000, 'x'));
    }
    test::eventually("not all of them find room", [&] { return met(server, "bodies_bytes") > 0; });
    unsigned refused = 0;
    for (auto& client : clients) {
        client->send(std::string(1'000, 'x'));
        const auto answer = client->receive();
        if (answer.status == 200) continue;
        ++refused;
        check_refusal(answer, 503, "too many large bodies are being received");
        CHECK(answer.header("Retry-After") == "1");
    }
    CHECK(refused == met(server, "bodies_bytes"));
}

TEST_CASE("whatever all bodies may have in sum, one that is not too large finds room") {
    HttpServer server(add_limited_routes, {.limits = room_for_body(300'000), .workers = 2});
    for (int i = 0; i < 5; ++i) {
        RawHttp client(server.port());
        client.send(post_of(300'000) + std::string(300'000, 'x'));
        CHECK(client.receive().status == 200);
    }
    CHECK(met(server, "bodies_bytes") == 0);
}

}  // namespace
