#include "common/net/sse_stream.hpp"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>

#include "common/net/task_group.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/unit/net/stream_handlers.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using test::await_done;
using test::Ending;
using test::flood;
using test::HttpServer;
using test::RawHttp;

awaitable<Response> send_three(SseStream& stream) {
    co_await stream.start("X-Extra: 1\r\n");
    for (int i = 0; i < 3; ++i) {
        SharedBytes bytes = std::make_shared<const std::string>("data: " + std::to_string(i) + "\n\n");
        co_await stream.send(std::move(bytes));
        co_await sleep_for(milliseconds(1));
    }
    co_return Response{};
}

awaitable<Response> wait_long(SseStream& stream, Ending& ending) {
    co_await stream.start();
    const bool slept = co_await sleep_for(std::chrono::hours(1));
    ending.cancelled = !slept;
    ending.done = true;
    co_return Response{};
}

// A file in two parts; without an end as if the rest could not be read.
awaitable<Response> send_file(SseStream& stream, bool is_whole) {
    co_await stream.start("", "text/csv", BodyEnd::finish);
    for (const auto* part : {"a,b\r\n", "", "1,2\r\n"}) {
        SharedBytes bytes = std::make_shared<const std::string>(part);
        co_await stream.send(std::move(bytes));
    }
    if (is_whole) co_await stream.finish();
    co_return Response{};
}

awaitable<Response> refuse(Request& request) {
    Error error{Errc::unauthenticated, "no key"};
    co_return problem(error, request.request_id());
}

std::function<void(Router&)> routes_with(Ending& ending) {
    return [&ending](Router& router) {
        router.stream(Method::get, "/three", [](Request&, SseStream& stream) { return send_three(stream); });
        router.stream(Method::get, "/long", [&](Request&, SseStream& stream) { return wait_long(stream, ending); });
        router.stream(Method::get, "/flood", [&](Request&, SseStream& stream) { return flood(stream, ending); });
        router.stream(Method::get, "/whole", [](Request&, SseStream& stream) { return send_file(stream, true); });
        router.stream(Method::get, "/cut", [](Request&, SseStream& stream) { return send_file(stream, false); });
        router.stream(Method::get, "/refuse", [](Request& request, SseStream&) { return refuse(request); });
    };
}

std::string get_stream(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

TEST_CASE("a stream's events arrive, and the connection ends with the handler") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(get_stream("/three"));
    const auto head = client.receive_until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(head.find("Cache-Control: no-store\r\n") != std::string::npos);
    CHECK(head.find("X-Extra: 1\r\n") != std::string::npos);
    CHECK(client.receive_all() == "data: 0\n\ndata: 1\n\ndata: 2\n\n");
}

TEST_CASE("HEAD on a stream gets its head alone") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send("HEAD /three HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto head = client.receive_until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(client.is_closed_by_server());

    RawHttp flooded(server.port());
    flooded.send("HEAD /flood HTTP/1.1\r\nHost: h\r\n\r\n");
    flooded.receive_until("\r\n\r\n");
    CHECK(flooded.is_closed_by_server());
    await_done(ending);
    CHECK(ending.error == Errc::network);
}

TEST_CASE("a handler that does not start the stream answers like any other") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    for (int i = 0; i < 2; ++i) {
        client.send(get_stream("/refuse"));
        CHECK(client.receive().status == 401);
    }
}

TEST_CASE("a peer that goes away ends the handler's wait") {
    Ending ending;
    HttpServer server(routes_with(ending));
    {
        RawHttp client(server.port());
        client.send(get_stream("/long"));
        client.receive_until("\r\n\r\n");
    }
    await_done(ending);
    CHECK(ending.cancelled);
}

TEST_CASE("cut ends the handler's wait") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(get_stream("/long"));
    client.receive_until("\r\n\r\n");
    server->cut();
    await_done(ending);
    CHECK(ending.cancelled);
    CHECK(client.is_closed_by_server());
}

TEST_CASE("a reader that takes nothing is cut after the write timeout") {
    Ending ending;
    ServerLimits limits;
    limits.write_timeout = milliseconds(100);
    HttpServer server(routes_with(ending), {.limits = limits});
    RawHttp client(server.port());
    client.send(get_stream("/flood"));
    await_done(ending);
    CHECK(ending.error == Errc::timed_out);
}

TEST_CASE("a file that is sent as a stream says where it ends") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(get_stream("/whole"));
    CHECK(client.receive_until("\r\n\r\n").find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(client.receive_all() == "5\r\na,b\r\n\r\n5\r\n1,2\r\n\r\n0\r\n\r\n");
    RawHttp old(server.port());
    old.send("GET /whole HTTP/1.0\r\n\r\n");
    CHECK(old.receive_until("\r\n\r\n").find("chunked") == std::string::npos);
    CHECK(old.receive_all() == "a,b\r\n1,2\r\n");
}

TEST_CASE("a file that breaks off does not end as a whole one does") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(get_stream("/cut"));
    CHECK(client.receive_all().find("\r\n0\r\n") == std::string::npos);
    // What is no chunk shows it by the connection: it is reset.
    RawHttp old(server.port());
    old.send("GET /cut HTTP/1.0\r\n\r\n");
    boost::system::error_code ec;
    std::array<char, 4096> bytes{};
    while (!ec) old.socket().receive(boost::asio::buffer(bytes), 0, ec);
    CHECK(ec == boost::asio::error::connection_reset);
}

}  // namespace
