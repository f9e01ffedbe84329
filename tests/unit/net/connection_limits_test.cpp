#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using std::chrono::milliseconds;
using test::HttpServer;
using test::RawHttp;

void add_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
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
    HttpServer server(add_routes, {.limits = quick(&ServerLimits::header_timeout)});
    RawHttp client(server.port());
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    check_refusal(client.receive(), 408, "the request's headers did not arrive in time");
    CHECK(client.is_closed_by_server());
}

TEST_CASE("a body that does not come in time is told so") {
    HttpServer server(add_routes, {.limits = quick(&ServerLimits::body_timeout)});
    RawHttp client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
    check_refusal(client.receive(), 408, "the request's body did not arrive in time");
    CHECK(client.is_closed_by_server());
}

TEST_CASE("an idle connection is closed without a word") {
    HttpServer server(add_routes, {.limits = quick(&ServerLimits::idle_timeout)});
    RawHttp silent(server.port());
    const auto served = served_connection(server, hello);
    CHECK(silent.is_closed_by_server());
    CHECK(served->is_closed_by_server());
    wait_for_connections(server, 0);
}

TEST_CASE("a reader that takes nothing is cut") {
    HttpServer server(add_routes, {.limits = quick(&ServerLimits::write_timeout)});
TEST_CASE("empty lines do not prolong the idle time") {
    HttpServer server(add_routes, {.limits = quick(&ServerLimits::idle_timeout)});
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
    HttpServer server(add_routes, {.limits = limits});
    RawHttp client(server.port());
    const auto end = std::chrono::steady_clock::now() + limits.idle_timeout * 3 / 2;
    test::eventually("a busy connection outlives the idle time", [&] {
        client.send(hello);
        return client.receive().status == 200 && std::chrono::steady_clock::now() > end;
    });
}

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
    HttpServer server(add_routes, {.limits = limits});
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
    HttpServer server(add_routes);
    RawHttp client(server.port());
    client.send(std::string(hello) + "nonsense\r\n\r\n");
    CHECK(client.receive().body == "hello");
    check_refusal(client.receive(), 400, "malformed");
    CHECK(client.is_closed_by_server());
}

TEST_CASE("connections past the limit are closed at once and counted") {
    ServerLimits limits;
    limits.connections = 1;
    HttpServer server(add_routes, {.limits = limits});
    telemetry::Registry registry;
    server->register_metrics(registry);
    RawHttp first(server.port());
    first.send(hello);
    CHECK(first.receive().status == 200);
    RawHttp second(server.port());
    CHECK(second.is_closed_by_server());
    CHECK(registry.text().find("fanion_http_connections_rejected_total{server=\"test\"} 1\n") != std::string::npos);
    first.send(hello);
    CHECK(first.receive().status == 200);
}

}  // namespace
